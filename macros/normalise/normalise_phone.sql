{#
  A phone number as the world writes it (E.164), '+' and the code of the country in front; null when
  it can't be one, or could be anyone's: a local number without its area, a number of which digits
  are masked or were rounded, two numbers in one field.

  Which digits are a number of the own country, the variables phone_country_code, phone_mobile and
  phone_landline say. Numbers of other countries are known by their '+' or '00'.
  An extension is dropped from a landline, since the line is the household's. A mobile number with an
  extension is no person's: delivery services lend such numbers to many customers.
  Example: {{ normalise_phone('phone') }}   '0086 (137) 2222-0009' -> '+8613722220009'
#}
{% macro normalise_phone(text) -%}
{%- set code = var('phone_country_code') -%}
{%- set typed = lower_ascii(plain_characters(text)) -%}
{#- A spreadsheet's 1.3722220009e+10 has all its digits; what it rounded has fewer than it should. -#}
{%- set number = 'coalesce(' ~ unrounded(typed) ~ ', ' ~ typed ~ ')' -%}
{%- set before = '^(?:tel|phone|mobile|手机|电话)[ :.]*' -%}
{#- Spreadsheets also write 13722220009.0. -#}
{%- set after = '[.]0+$' -%}
{%- set number = regex_replace_all(number, before ~ '|' ~ after, '') -%}
{%- set extension = '[ ,;]*(?:转|轉|分机|extension|ext|x|#|,)[ :.=]*[0-9]{1,6}$' -%}
{%- set number = regex_replace_all(number, extension, 'ext') -%}
{#- Punctuation, dashes, and the (0) that is only dialled at home. -#}
{%- set number = regex_replace_all(number, '[(]0[)]|[ !-)./_=`‐-―−-]', '') -%}
{%- set digits = regex_replace_all(number, '^(?:[+]?00|[+])' ~ code, '') -%}
{%- set at_home = '^(?:' ~ code ~ ')?0?' -%}
{%- set mobile = at_home ~ '(' ~ var('phone_mobile') ~ ')$' -%}
{%- set landline = at_home ~ '(' ~ var('phone_landline') ~ ')(?:ext)?$' -%}
{%- set abroad = '^(?:[+]?00|[+])([1-9][0-9]{7,14})(?:ext)?$' -%}
coalesce(
    '+{{ code }}' || nullif({{ regex_part(digits, mobile, 1) }}, ''),
    '+{{ code }}' || nullif({{ regex_part(digits, landline, 1) }}, ''),
    '+' || nullif({{ regex_part(digits, abroad, 1) }}, '')
)
{%- endmacro %}
