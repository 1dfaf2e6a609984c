{#
  The calendar date that a text means; null when it can't be read.

  What: the first of the feed's `date_format` that it fits, or ISO 8601. A time and a zone beside it are
  left out: a birthday has none. Only an epoch is an instant, of which the day is that of the feed's zone.
  Example: {{ parse_date('joined', feed('crm', 'members')) }}
#}
{% macro parse_date(text, feed) -%}
{%- set readings = [] -%}
{%- for format in formats_of(feed.get('date_format')) -%}
    {%- set reading -%}
    {%- if format == 'iso_8601' -%}
        case
            when {{ regex_matches(text, '^[ \t]*[1-9][0-9]{3}-[0-9]{1,2}-[0-9]{1,2}[ \t]*$') }}
                then try_cast({{ text }} as date)
        end
    {%- elif is_epoch(format) -%}
        {{ local_date(epoch_time(text, format), clock_zone(feed)) }}
    {%- elif format == 'excel_serial' or '%H' in format or '%I' in format -%}
        cast({{ wall_clock(text, format, feed) }} as date)
    {%- else -%}
        try_cast({{ iso_text(text, format, feed) }} as date)
    {%- endif -%}
    {%- endset -%}
    {%- do readings.append(reading) -%}
{%- endfor -%}
{{ readings[0] if readings | length == 1 else 'coalesce(' ~ readings | join(', ') ~ ')' }}
{%- endmacro %}
