{#
  A key in one spelling, whatever a spreadsheet or a column of floats made of it; null where the system
  wrote nothing, and where digits were rounded away, so that any of many things may be meant.

  What: guards and blanks are taken off, whole floats are integers, and scientific notation is spelt out.
  With an issuer of the variable keys_without_leading_zeros, so are zeros in front.
  Why: one customer in two spellings is two. Ordinary keys, which have a digit and nothing odd, are known
  at a glance and left as they are.
  Example: {{ clean_key('member_no') }}   '="0012"' -> '0012', '13085.0' -> '13085', '1.38E+10' -> null
#}
{% macro clean_key(column, issuer=none) -%}
{%- set around = '[' ~ guards() ~ ']*' -%}
{%- set nothing = '^' ~ around ~ '(?i:' ~ words_for_nothing() | join('|') ~ ')' ~ around ~ '$' -%}
{%- set whole_float = '^' ~ around ~ '-?[0-9]{1,15}[.]00?' ~ around ~ '$' -%}
{%- set scientific = '[0-9](?:[.,][0-9]+)?[eE][+][0-9]+|[0-9][.,][0-9]+[eE][0-9]+' -%}
{%- set may_be_rounded = '^' ~ around ~ '(?:[0-9]{16,}[.]00?|' ~ scientific ~ ')' ~ around ~ '$' -%}
{%- set key -%}
case
    when {{ regex_matches(column, '^[#/:A-Z_a-z-]*[0-9][#/:0-9A-Z_a-z-]*$') }} then {{ column }}
    when {{ column }} is null or {{ regex_matches(column, nothing) }} then null
    {#- Three zeros behind a point are left alone: they may be thousands. #}
    when {{ regex_matches(column, whole_float) }} then {{ regex_part(column, '-?[0-9]+', 0) }}
    when {{ regex_matches(column, may_be_rounded) }} then {{ unrounded(column) }}
    else {{ unguarded(column) }}
end
{%- endset -%}
{%- if issuer in var('keys_without_leading_zeros', []) -%}
nullif({{ regex_replace_all(key, '^0+', '') }}, '')
{%- else -%}
{{ key }}
{%- endif -%}
{%- endmacro %}


{#
  A text without what keeps a spreadsheet from reading it as a number: ="…", quotes, an apostrophe or a
  backtick in front, tabs and blanks around it.
  Example: {{ unguarded('order_no') }}   '="0012"' -> '0012'
#}
{% macro unguarded(text) -%}
{%- set blanks = '[' ~ blanks() ~ ']*' -%}
{%- set inside_quotes = 'split_part(' ~ text ~ ", '\"', 2)" -%}
case
    when {{ regex_matches(text, '^' ~ blanks ~ '=?"[^"]*"' ~ blanks ~ '$') }}
        then {{ trimmed(inside_quotes) }}
    else {{ regex_replace_all(text, '^' ~ blanks ~ '[`' ~ apostrophe() ~ ']?|' ~ blanks ~ '$', '') }}
end
{%- endmacro %}


{#
  The digits of a number in scientific notation that has all of them, whatever guards it; null of any other.
  Why: a spreadsheet keeps fifteen digits, shows fewer, and saves what it shows. The exponent says how many
  there should be behind the point.
  Example: {{ unrounded('order_no') }}   '1.3085E+4' -> '13085', '1.38E+10' -> null
#}
{% macro unrounded(text) -%}
{%- set around = '[' ~ guards() ~ ']*' -%}
{%- set decimals = '^' ~ around ~ '[0-9][.,]([0-9]{1,14})[eE]' -%}
{%- set exponent = '[eE][+]?([0-9]{1,2})' ~ around ~ '$' -%}
case
    when length({{ regex_part(text, decimals, 1) }}) = try_cast({{ regex_part(text, exponent, 1) }} as bigint)
        then replace(replace({{ regex_part(text, '[0-9][.,][0-9]+', 0) }}, '.', ''), ',', '')
end
{%- endmacro %}


{# What may stand around a key, as inside the brackets of a regular expression. #}
{% macro guards() -%}
{{ return(blanks() ~ '="`' ~ apostrophe()) }}
{%- endmacro %}

{% macro blanks() -%}
{%- set blanks = ' \t\r\n\u00a0\u200b\u3000\ufeff' -%}
{{ return(blanks) }}
{%- endmacro %}

{# An apostrophe inside a literal: written plainly it would end it, and Spark 3.5 drops a doubled one. #}
{% macro apostrophe() -%}
{{ return("' || chr(39) || '") }}
{%- endmacro %}
