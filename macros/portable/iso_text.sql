{#
  A date, or date and time, in a declared format as ISO 8601 text; no date at all when it does not fit.

  What: a format of strptime, as format_parts reads it. An offset or a zone is left out.
  Why: engines have other letters for the parts of a format, and read what does not fit it in other ways.
  Example: {{ iso_text('joined', '%d/%m/%Y') }}   '5/1/2026' -> '2026-01-05'
#}
{% macro iso_text(text, format, feed={}) -%}
{%- set parts = format_parts(text, format, feed) -%}
{{ parts.year }} || '-' || {{ parts.month }} || '-' || {{ parts.day }}
{%- if parts.hour %}
    || ' ' || {{ parts.hour }} || ':' || {{ parts.minute }} || ':' || {{ parts.second }}
    {%- if parts.fraction %} || '.' || {{ parts.fraction }}{% endif %}
{%- endif %}
{%- endmacro %}
