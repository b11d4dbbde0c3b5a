# tlsgauge_embed(LAYER NAME GLOB): the files become part of the layer, as
#   namespace tlsgauge::LAYER { struct EmbeddedFile { std::string_view name, content, sha256; }; std::span<EmbeddedFile const> embedded_NAME(); }
# declared in "LAYER/embedded_NAME.hpp" of the build folder.
function(tlsgauge_embed layer name glob)
  get_target_property(type tlsgauge-${layer} TYPE)
  if(type STREQUAL "INTERFACE_LIBRARY")
    return()
  endif()
  file(GLOB files CONFIGURE_DEPENDS ${glob})
  set(dir "${CMAKE_BINARY_DIR}/embedded")
  set(out "${dir}/${layer}/embedded_${name}.cpp")
  set(header "${dir}/${layer}/embedded_${name}.hpp")
  file(CONFIGURE OUTPUT "${header}" @ONLY CONTENT "#pragma once
#include <span>
#include <string_view>
namespace tlsgauge::@layer@ {
struct EmbeddedFile {
  std::string_view name;  ///< file name without folder
  std::string_view content;
  std::string_view sha256;  ///< of the content, in base64
};
std::span<EmbeddedFile const> embedded_@name@();
}
")
  add_custom_command(
    OUTPUT "${out}"
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DLAYER=${layer} -DNAME=${name} "-DFILES=${files}" -P
            "${PROJECT_SOURCE_DIR}/cmake/embed_script.cmake"
    DEPENDS ${files} "${PROJECT_SOURCE_DIR}/cmake/embed_script.cmake"
    VERBATIM)
  target_sources(tlsgauge-${layer} PRIVATE "${out}")
  target_include_directories(tlsgauge-${layer} PRIVATE "${dir}")
endfunction()
