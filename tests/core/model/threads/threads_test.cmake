# Runs PROGRAM with each number of THREADS: every run must say that it has them and print the same bits.
foreach(threads IN LISTS THREADS)
  execute_process(COMMAND ${CMAKE_COMMAND} -E env OMP_NUM_THREADS=${threads} OMP_WAIT_POLICY=passive OMP_PROC_BIND=false
                          ${PROGRAM}
                  OUTPUT_VARIABLE printed RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "${PROGRAM} failed with ${threads} threads: ${failed}")
  endif()
  if(NOT printed MATCHES "^threads ${threads}\n(.+)")
    message(FATAL_ERROR "${PROGRAM} was to have ${threads} threads and printed:\n${printed}")
  endif()
  set(bits "${CMAKE_MATCH_1}")
  if(NOT DEFINED expected)
    set(expected "${bits}")
  elseif(NOT bits STREQUAL expected)
    message(FATAL_ERROR "with ${threads} threads:\n${bits}before:\n${expected}")
  endif()
endforeach()
message("${expected}")
