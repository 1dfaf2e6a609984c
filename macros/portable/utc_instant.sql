{#
  The instant (UTC, timestamp without zone) that a text means; null when it can't be read.

  What: a text that carries an offset or a zone ('Z', '+08:00', ' UTC', a name of the feed's `zone_names`)
  is taken by it; any other is read as the wall clock of the zone in which the feed writes its timestamps
  (`timestamps`, else `time_zone`), in the first of the feed's `timestamp_format` that it fits, or ISO 8601.
  Why: casting to timestamp drops the offset without a word, and reads 'infinity'.
  Example: {{ utc_instant('sold_at', feed('pos', 'receipts')) }}
#}
{% macro utc_instant(text, feed) -%}
{%- set readings = [] -%}
{%- for format in formats_of(feed.get('timestamp_format')) -%}
    {%- if is_epoch(format) -%}
        {%- do readings.append(epoch_time(text, format)) -%}
    {%- elif has_zone(format) -%}
        {%- set zone = format_parts(text, format, feed).zone -%}
        {%- do readings.append(zoned_instant(iso_text(text, format, feed), zone, feed)) -%}
    {%- else -%}
        {%- do readings.append(to_utc(wall_clock(text, format, feed), written_zone(feed))) -%}
    {%- endif -%}
{%- endfor -%}
{%- set to_the_second = '[T ]([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}([.][0-9]+)?' -%}
{%- set offset = '(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)$' -%}
{%- set zone = '(' ~ zone_pattern(feed) ~ ')[ \t]*$' -%}
{%- set without_zone = regex_replace_all(text, '^[ \t]+| *' ~ zone, '') -%}
case
    when {{ text }} = '' then null
    {#- What both engines read as it is, and most feeds write. #}
    when {{ regex_matches(text, '^' ~ iso_day() ~ to_the_second ~ offset) }} then {{ read_offset(text) }}
    else coalesce(
        {{ readings | join(',\n        ') }},
        case
            when {{ regex_matches(text, '^[ \t]*' ~ iso_day() ~ '[T ]' ~ iso_clock() ~ ' *' ~ zone) }}
                then {{ zoned_instant(without_zone, regex_part(text, zone, 1), feed) }}
        end
    )
end
{%- endmacro %}


{# The formats that a feed declares: one, or several of which the first that fits is meant; else ISO 8601. #}
{% macro formats_of(declared) -%}
{{ return(['iso_8601'] if not declared else [declared] if declared is string else declared) }}
{%- endmacro %}


{# Whether a format counts from an instant, which is the same everywhere. #}
{% macro is_epoch(format) -%}
{{ return(format in ['epoch_seconds', 'epoch_milliseconds']) }}
{%- endmacro %}


{# Whether a format says the zone of its time, so that the feed's own does not matter. #}
{% macro has_zone(format) -%}
{{ return('%z' in format or '%Z' in format) }}
{%- endmacro %}


{# The zone in which a feed writes times that carry none, in SQL. #}
{% macro written_zone(feed) -%}
{{ return("'" ~ feed.timestamps ~ "'" if feed.get('timestamps') else clock_zone(feed)) }}
{%- endmacro %}
