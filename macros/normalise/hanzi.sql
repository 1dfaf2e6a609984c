{#
  The Hanzi, as a range inside the brackets of a regular expression: 4E00-9FFF, those that were added
  later in 3400-4DBF, and the round zero.

  Example: {{ regex_matches('full_name', '^[' ~ hanzi() ~ ']+$') }}   '王伟' -> true
#}
{% macro hanzi() -%}
〇㐀-䶿一-鿿
{%- endmacro %}
