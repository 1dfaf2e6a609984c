{#
  The wall clock that a text shows, as a timestamp, in one format; null when it does not fit, or says
  its zone.

  What: a format of strptime, `excel_serial`, or `iso_8601`, around which blanks don't matter.
  Why: casting to timestamp reads 'infinity', and drops an offset without a word.
  Example: {{ wall_clock('sold_at', '%d/%m/%Y %H:%M', feed) }}
#}
{% macro wall_clock(text, format, feed) -%}
{%- if format == 'iso_8601' -%}
{%- set among_blanks = iso_parts(text) -%}
case
    when {{ regex_matches(text, '^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}([T ]([01][0-9]|2[0-3]):[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?$') }}
        then try_cast({{ text }} as timestamp)
    when {{ regex_matches(text, among_blanks.pattern) }}
        then try_cast({{ among_blanks.wall_clock }} as timestamp)
end
{%- elif format == 'excel_serial' -%}
{{ excel_time(text) }}
{%- else -%}
try_cast({{ iso_text(text, format, feed) }} as timestamp)
{%- endif -%}
{%- endmacro %}


{#
  An ISO 8601 text in parts: `wall_clock`, with seconds as both engines need them, and `zone`, where the
  pattern of one is given; `pattern` tells whether a text has them.

  Example: {{ iso_parts('sold_at', 'Z').zone }}
#}
{% macro iso_parts(text, zone=none) -%}
{%- set day, time, seconds = '([1-9][0-9]{3}-[0-9]{2}-[0-9]{2})', '((?:[01][0-9]|2[0-3]):[0-9]{2})', '(:[0-9]{2}(?:[.][0-9]+)?)?' -%}
{%- set clock = '[T ]+' ~ time ~ seconds -%}
{%- set clock = clock ~ ' *(' ~ zone ~ ')' if zone else '(?:' ~ clock ~ ')?' -%}
{%- set pattern = '^[ \t]*' ~ day ~ clock ~ '[ \t]*$' -%}
{%- set wall_clock -%}
{{ regex_part(text, pattern, 1) }} || ' ' || coalesce(nullif({{ regex_part(text, pattern, 2) }}, ''), '00:00')
    || coalesce(nullif({{ regex_part(text, pattern, 3) }}, ''), ':00')
{%- endset -%}
{{ return({'pattern': pattern, 'wall_clock': wall_clock, 'zone': regex_part(text, pattern, 4) if zone}) }}
{%- endmacro %}
