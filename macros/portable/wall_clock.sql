{#
  The wall clock that a text shows, as a timestamp, in one format; null when it does not fit, or says
  its zone.

  What: a format of strptime, `excel_serial`, or `iso_8601`, around which blanks don't matter.
  Why: casting to timestamp reads 'infinity', and drops an offset without a word.
  Example: {{ wall_clock('sold_at', '%d/%m/%Y %H:%M', feed) }}
#}
{% macro wall_clock(text, format, feed) -%}
{%- if format == 'iso_8601' -%}
{%- set moment = iso_day() ~ '([T ]' ~ iso_clock() ~ ')?' -%}
case
    when {{ regex_matches(text, '^' ~ moment ~ '$') }} then try_cast({{ text }} as timestamp)
    when {{ regex_matches(text, '^[ \t]*' ~ moment ~ '[ \t]*$') }}
        then try_cast(trim(replace({{ text }}, '{{ "\t" }}', ' ')) as timestamp)
end
{%- elif format == 'excel_serial' -%}
{{ excel_time(text) }}
{%- else -%}
try_cast({{ iso_text(text, format, feed) }} as timestamp)
{%- endif -%}
{%- endmacro %}


{# Regular expressions of the day of an ISO 8601 text, and of its clock, which may lack seconds. #}
{% macro iso_day() -%}
{{ return('[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}') }}
{%- endmacro %}

{% macro iso_clock() -%}
{{ return('([01][0-9]|2[0-3]):[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?') }}
{%- endmacro %}
