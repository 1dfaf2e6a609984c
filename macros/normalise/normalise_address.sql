{#
  An address in one form for its spellings: plain characters, small letters, and one blank between
  words in place of punctuation. With Hanzi in it, blanks mean nothing and vanish with the commas, but
  a dash between numbers tells house from room and stays. Chinese numerals are left alone, and so are
  abbreviations: what is left between two spellings, the comparison of accounts measures.

  Example: {{ normalise_address('address') }}   '上海市， 世纪大道 100 号 3－201 室' -> '上海市世纪大道100号3-201室'
#}
{% macro normalise_address(text) -%}
{%- set letters = lower_ascii(plain_characters(text)) -%}
{%- set dashes = '[-/_#~‐-―−]+' -%}
{%- set punctuation = '[ !-,.:-@`·‘-‟•、。〈-】]' -%}
{%- set chinese = regex_replace_all(regex_replace_all(letters, dashes, '-'), punctuation, '') -%}
{%- set other = trimmed(regex_replace_all(letters, '(?:' ~ punctuation ~ '|' ~ dashes ~ ')+', ' ')) -%}
nullif(case when {{ regex_matches(letters, '[' ~ hanzi() ~ ']') }} then {{ chinese }} else {{ other }} end, '')
{%- endmacro %}
