{#
  The UTC instant of a wall-clock time in a zone.

  What: a time that clocks skip in spring is the one an hour later; one that they repeat in autumn is
  the second of the two, as PostgreSQL and DuckDB have it.
  Why: the function has another name on every engine, and Spark takes the first of the two. Changes of
  another length than an hour (Lord Howe Island has half of one) stay as Spark takes them.
  Example: {{ to_utc('cast(sold_at as timestamp)', "'Asia/Shanghai'") }}
#}
{% macro to_utc(wall_clock, zone) -%}
{{ return(adapter.dispatch('to_utc')(wall_clock, zone)) }}
{%- endmacro %}

{% macro default__to_utc(wall_clock, zone) -%}
timezone('UTC', timezone({{ zone }}, {{ wall_clock }}))
{%- endmacro %}

{% macro spark__to_utc(wall_clock, zone) -%}
{%- set first = 'to_utc_timestamp(' ~ wall_clock ~ ', ' ~ zone ~ ')' -%}
{{ first }} + case
    when from_utc_timestamp({{ first }} + interval '1' hour, {{ zone }}) = {{ wall_clock }} then interval '1' hour
    else interval '0' hour
end
{%- endmacro %}
