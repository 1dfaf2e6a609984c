{#
  Whether a text may be made to look like another: letters of two scripts side by side in one word
  (Latin with Cyrillic or Greek), or characters that take no width or turn the direction of writing.

  Why: an 'А' of Cyrillic looks like an 'A', and makes of a refused customer a new one.
  Example: {{ has_lookalikes('full_name') }}   'Аnn', with a Cyrillic А -> true, 'Anna Иван' -> false
#}
{% macro has_lookalikes(text) -%}
{%- set latin = '[A-Za-zÀ-ÖØ-öø-ɏ]' -%}
{%- set similar = '[Ͱ-ϿЀ-ԯ]' -%}
{%- set unseen = '[\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]' -%}
{{ regex_matches(text, latin ~ similar ~ '|' ~ similar ~ latin ~ '|' ~ unseen) }}
{%- endmacro %}
