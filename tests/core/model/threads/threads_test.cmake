# Runs PROGRAM with one thread, with one again, with two and with three: every run must print the same bits.
foreach(threads 1 1 2 3)
  execute_process(COMMAND ${CMAKE_COMMAND} -E env OMP_NUM_THREADS=${threads} OMP_WAIT_POLICY=passive OMP_PROC_BIND=false
                          ${PROGRAM}
                  OUTPUT_VARIABLE printed RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "${PROGRAM} failed with ${threads} threads: ${failed}")
  endif()
  if(NOT DEFINED expected)
    set(expected "${printed}")
  elseif(NOT printed STREQUAL expected)
    message(FATAL_ERROR "with ${threads} threads:\n${printed}with one:\n${expected}")
  endif()
endforeach()
message("${expected}")
