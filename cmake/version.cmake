# Writes the git hash of the source tree, with -dirty when it has changes, into a header; run at every build, touches
# the header only when its content changes.
find_package(Git QUIET)
set(hash "unknown")
if(GIT_FOUND)
  execute_process(COMMAND ${GIT_EXECUTABLE} -C ${SOURCE_DIR} describe --always --dirty --abbrev=12 --exclude=*
                  OUTPUT_VARIABLE described RESULT_VARIABLE failed OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT failed)
    set(hash "${described}")
  endif()
endif()
set(content "#pragma once\n\nnamespace c2al {\ninline constexpr const char* git_hash = \"${hash}\";\n}  // namespace c2al\n")
set(old "")
if(EXISTS ${HEADER})
  file(READ ${HEADER} old)
endif()
if(NOT old STREQUAL content)
  file(WRITE ${HEADER} "${content}")
endif()
