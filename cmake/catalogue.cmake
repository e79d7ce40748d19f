# Writes the method catalogue: one entry for each baselines/*.cpp, named after its file.
# Each file NAME.cpp defines `MethodDescription c2al::baselines::NAME()`.
set(declarations "")
set(entries "")
foreach(source ${SOURCES})
  get_filename_component(name ${source} NAME_WE)
  if(NOT name MATCHES "^[a-z][a-z0-9_]*$")
    message(FATAL_ERROR "baselines/${name}.cpp: a method's file name must be a lower-case identifier")
  endif()
  string(APPEND declarations "MethodDescription ${name}();\n")
  string(APPEND entries "      {\"${name}\", ${name}},\n")
endforeach()
set(content "#include \"core/training/catalogue.hpp\"

namespace c2al::baselines {
${declarations}}  // namespace c2al::baselines

namespace c2al {

const std::vector<CatalogueEntry>& method_catalogue() {
  using namespace baselines;
  static const std::vector<CatalogueEntry> entries = {
${entries}  };
  return entries;
}

}  // namespace c2al
")
set(old "")
if(EXISTS ${OUTPUT})
  file(READ ${OUTPUT} old)
endif()
if(NOT old STREQUAL content)
  file(WRITE ${OUTPUT} "${content}")
endif()
