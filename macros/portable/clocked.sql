{#
  The instant (UTC) of a day and a time of day that stand in columns of their own; null where either is
  missing or can't be read, since a day alone is no instant.

  What: the day is the business date that its text means, the time that of the feed's clock on this day,
  in the first of the feed's `clock_format` that it fits. That is a format of strptime without a day, such
  as `%H:%M`, or `day_fraction`, as spreadsheets store times: 0.5 is noon.
  Example: {{ clocked_instant('sold_on', 'sold_time', feed) }}   '5/1/2026' and '14:05'
#}
{% macro clocked_instant(day, clock, feed) -%}
{%- set readings = [] -%}
{%- for format in formats_of(feed.get('clock_format', '%H:%M')) -%}
    {%- do readings.append(time_since_midnight(clock, format, feed)) -%}
{%- endfor -%}
{%- set time = readings[0] if readings | length == 1 else 'coalesce(' ~ readings | join(', ') ~ ')' -%}
{{ to_utc('(cast(' ~ business_date(day, feed) ~ ' as timestamp) + (' ~ time ~ '))', clock_zone(feed)) }}
{%- endmacro %}


{#
  The hour of the day, 0 to 23, of a day and a time of day in columns of their own; null at midnight to the
  second, as that of business_hour.
  Example: {{ clocked_hour('sold_on', 'sold_time', feed) }}
#}
{% macro clocked_hour(day, clock, feed) -%}
{{ hour_shown(clocked_instant(day, clock, feed), feed) }}
{%- endmacro %}


{#
  How long after midnight a text says, as an interval, in one format.

  Why: numbers lose the zeros before them, so that 905 is 09:05; one that has lost the zero behind it, as
  14.5 of 14.50, may be anything.
#}
{% macro time_since_midnight(text, format, feed) -%}
{%- set moment -%}
{%- if format == 'day_fraction' -%}
    {%- set seconds = 'cast(cast(cast(' ~ parse_decimal(text, 10) ~ ' as decimal(20,10)) * 86400 as decimal(18,0)) as bigint)' -%}
case when {{ seconds }} between 0 and 86399 then {{ time_of_micros(seconds ~ ' * 1000000') }} end
{%- else -%}
    {%- set digits = {'%H%M': 4, '%H%M%S': 6}.get(format) -%}
    {%- if digits -%}
        {%- set number = regex_part(text, '^ *([0-9]{1,' ~ digits ~ '})([.]0)? *$', 1) -%}
        {%- set written = 'lpad(nullif(' ~ number ~ ", ''), " ~ digits ~ ", '0')" -%}
    {%- else -%}
        {%- set written = 'case when not ' ~ regex_matches(text, '^ *[0-9]+[.][0-9] *$') ~ ' then ' ~ text ~ ' end' -%}
    {%- endif -%}
{{ wall_clock("('1970-01-01 ' || " ~ written ~ ')', '%Y-%m-%d ' ~ format, feed) }}
{%- endif -%}
{%- endset -%}
{{ moment }} - timestamp '1970-01-01 00:00:00'
{%- endmacro %}
