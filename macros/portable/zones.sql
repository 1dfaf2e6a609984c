{#
  A regular expression of how a text names the zone of its time: an offset, Z, UTC, GMT, or a name that
  the feed's `zone_names` give a meaning.
  Why: PST is a zone in one country and another in the next; what no one declared is not guessed.
  Example: {{ zone_pattern({'zone_names': {'PST': '-08:00'}}) }}
#}
{% macro zone_pattern(feed) -%}
{%- set offset = '(?:UTC|GMT)?[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?' -%}
{{ return(offset ~ '|' ~ any_of(['Z', 'UTC', 'GMT'] + feed.get('zone_names', {}) | list)) }}
{%- endmacro %}


{#
  The instant (UTC) of a wall clock, as ISO 8601 text, in a zone that zone_pattern knows.
  Example: {{ zoned_instant("'2026-01-05 10:00:00'", "'PST'", {'zone_names': {'PST': '-08:00'}}) }}
#}
{% macro zoned_instant(wall_clock, zone, feed) -%}
{%- set offsets, places = {'Z': 'Z', 'UTC': 'Z', 'GMT': 'Z'}, {} -%}
{%- for name, meaning in feed.get('zone_names', {}).items() -%}
    {%- if meaning is not string or not modules.re.match('[+-](0[0-9]|1[0-4]):?[0-5][0-9]$|[A-Za-z]', meaning) -%}
        {%- do exceptions.raise_compiler_error('The zone ' ~ name ~ ' means ' ~ meaning ~ ": write an offset in quotes, as '-08:00', or a place, as America/New_York.") -%}
    {%- endif -%}
    {%- do (offsets if modules.re.match('[+-]', meaning) else places).update({name: meaning}) -%}
{%- endfor -%}
{%- set offset -%}
case {{ zone }}
    {%- for name, meaning in offsets.items() %} when '{{ name }}' then '{{ meaning }}'{% endfor %}
    else {{ regex_part(zone, '[+-].*', 0) }}
end
{%- endset -%}
{#- Engines read an offset only behind a second. -#}
{%- set to_the_second = 'cast(try_cast(' ~ wall_clock ~ ' as timestamp) as string)' -%}
{%- set by_offset = read_offset(to_the_second ~ ' || ' ~ offset) -%}
{%- if places -%}
case
    {#- One conversion for all places: one for each would repeat the text as often. #}
    when {{ zone }} in ('{{ places | join("', '") }}') then {{ to_utc(
        'try_cast(' ~ wall_clock ~ ' as timestamp)', place_named(zone, places)
    ) }}
    else {{ by_offset }}
end
{%- else -%}
{{ by_offset }}
{%- endif -%}
{%- endmacro %}


{# The place that a name of a zone means; null of any other. #}
{% macro place_named(zone, places) -%}
case {{ zone }}
    {%- for name, place in places.items() %} when '{{ name }}' then '{{ place }}'{% endfor %}
end
{%- endmacro %}


{#
  The instant (UTC) of an ISO 8601 text with an offset.
  Why: DuckDB's timestamp has no zone and drops the offset; Spark's is an instant, shown in UTC.
  Example: {{ read_offset('sold_at') }}   '2026-01-05T10:00:00+08:00' -> 2026-01-05 02:00:00
#}
{% macro read_offset(text) -%}
{{ return(adapter.dispatch('read_offset')(text)) }}
{%- endmacro %}

{% macro default__read_offset(text) -%}
timezone('UTC', try_cast({{ text }} as timestamp with time zone))
{%- endmacro %}

{% macro spark__read_offset(text) -%}
try_cast({{ text }} as timestamp)
{%- endmacro %}
