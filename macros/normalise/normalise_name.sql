{#
  A name in the one form in which its spellings are equal: plain characters, small letters without
  accents, and one blank between words in place of quotes, dots, commas and hyphens; null when
  nothing is left. Hanzi and letters of other scripts stay.

  Why: systems write "Wú, Ann-Marie", "WU ANN MARIE" and "Wu Ann Marie" for one person.
  Example: {{ normalise_name('full_name') }}   'WÚ, Ann-Marie' -> 'wu ann marie'
#}
{% macro normalise_name(text) -%}
{%- set accented =
    'ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝàáâãäåçèéêëìíîïðñòóôõöøùúûüýÿĀāĂăĄąĆćĈĉĊċČčĎďĐđĒēĔĕĖėĘęĚěĜĝĞğĠ'
    ~ 'ġĢģĤĥĦħĨĩĪīĬĭĮįİıĴĵĶķĸĹĺĻļĽľĿŀŁłŃńŅņŇňŉŊŋŌōŎŏŐőŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŦŧŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽž'
    ~ 'ſǍǎǏǐǑǒǓǔǕǖǗǘǙǚǛǜ'
-%}
{%- set bare =
    'aaaaaaceeeeiiiidnoooooouuuuyaaaaaaceeeeiiiidnoooooouuuuyyaaaaaaccccccccddddeeeeeeeeeeggggg'
    ~ 'ggghhhhiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzz'
    ~ 'saaiioouuuuuuuuuu'
-%}
{%- set double_letters = {'Æ': 'ae', 'æ': 'ae', 'Œ': 'oe', 'œ': 'oe', 'ß': 'ss', 'Þ': 'th', 'þ': 'th'} -%}
{#- Accents that are characters of their own, as in the names of files on a Mac. -#}
{%- set accents = '\u0300-\u036f' -%}
{%- set between_words = ' !-/:-@_`´·‐-―‘-‟•・、。«»＇' -%}
{%- set mapped = namespace(sql='translate(' ~ text ~ ", '" ~ accented ~ "', '" ~ bare ~ "')") -%}
{%- for letter, letters in double_letters.items() -%}
    {%- set mapped.sql = 'replace(' ~ mapped.sql ~ ", '" ~ letter ~ "', '" ~ letters ~ "')" -%}
{%- endfor -%}
{%- set mapped = regex_replace_all(mapped.sql, '[' ~ accents ~ ']', '') -%}
{%- set accentless -%}
case
    when {{ regex_matches(text, '[À-ǜ' ~ accents ~ ']') }} then {{ mapped }}
    else {{ text }}
end
{%- endset -%}
{%- set letters = lower_ascii(plain_characters(accentless)) -%}
nullif({{ trimmed(regex_replace_all(letters, '[' ~ between_words ~ ']+', ' ')) }}, '')
{%- endmacro %}
