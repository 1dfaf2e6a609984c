{#
  Text of which no letter is hidden by stars; null otherwise.

  Why: marketplaces hide their buyers. '张**' is the name of thousands, and no identifier of anybody.
  Example: {{ unmasked('buyer') }}   '小雨天' -> '小雨天', '张**' -> null, '138****0001' -> null
#}
{% macro unmasked(column) -%}
case when not {{ regex_matches(column, '[*＊]') }} then {{ clean_text(column) }} end
{%- endmacro %}
