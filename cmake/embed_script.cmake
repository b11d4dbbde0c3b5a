# Turns FILES into the C++ source OUT; see embed.cmake. Octets as numbers: any content, any length.
set(arrays "")
set(entries "")
set(index 0)
foreach(file IN LISTS FILES)
  file(READ "${file}" content HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," content "${content}")
  get_filename_component(base "${file}" NAME)
  string(APPEND arrays "constexpr char kFile${index}[] = {${content}'\\0'};\n")
  string(APPEND entries "    {\"${base}\", {kFile${index}, sizeof kFile${index} - 1}},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE "${OUT}.tmp" "#include <array>
#include <span>
#include <string_view>
#include \"${LAYER}/embedded_${NAME}.hpp\"
namespace tlsgauge::${LAYER} {
namespace {
${arrays}constexpr std::array<EmbeddedFile, ${index}> kFiles{{
${entries}}};
}
std::span<EmbeddedFile const> embedded_${NAME}() { return kFiles; }
}
")
file(RENAME "${OUT}.tmp" "${OUT}")
