# Turns FILES into the C++ source OUT; see embed.cmake. Octets as numbers: any content, any length.

# The SHA-256 of a file in base64, the form that a Content-Security-Policy wants. CMake has the digest in hexadecimal only: three
# digits make two letters, and the 64th digit, with two zero bits, the last.
function(sha256_base64 file out)
  set(letters "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  file(SHA256 "${file}" digest)
  set(text "")
  foreach(at RANGE 0 60 3)
    string(SUBSTRING "${digest}" ${at} 3 three)
    math(EXPR high "0x${three} >> 6")
    math(EXPR low "0x${three} & 63")
    string(SUBSTRING "${letters}" ${high} 1 first)
    string(SUBSTRING "${letters}" ${low} 1 second)
    string(APPEND text "${first}${second}")
  endforeach()
  string(SUBSTRING "${digest}" 63 1 last)
  math(EXPR last "0x${last} << 2")
  string(SUBSTRING "${letters}" ${last} 1 last)
  set(${out} "${text}${last}=" PARENT_SCOPE)
endfunction()

set(arrays "")
set(entries "")
set(index 0)
foreach(file IN LISTS FILES)
  file(READ "${file}" content HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," content "${content}")
  get_filename_component(base "${file}" NAME)
  sha256_base64("${file}" digest)
  string(APPEND arrays "constexpr char kFile${index}[] = {${content}'\\0'};\n")
  string(APPEND entries "    {\"${base}\", {kFile${index}, sizeof kFile${index} - 1}, \"${digest}\"},\n")
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
