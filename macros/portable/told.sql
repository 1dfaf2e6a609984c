{#
  first_told   The first value of a group that is not null, by an instant; at one instant the least value.
  last_told    The last, likewise the greatest. Example: {{ first_told('channel', 'occurred_at') }}

  Why: of several values at one instant `min_by` takes any, and another one on another run.
#}
{% macro first_told(value, instant) -%}
(min({{ at_instant(value, instant) }}) filter (where {{ value }} is not null)).told
{%- endmacro %}


{% macro last_told(value, instant) -%}
(max({{ at_instant(value, instant) }}) filter (where {{ value }} is not null)).told
{%- endmacro %}


{# The two as one value, which is compared from the left. #}
{% macro at_instant(value, instant) -%}
{{ return(adapter.dispatch('at_instant')(value, instant)) }}
{%- endmacro %}

{% macro default__at_instant(value, instant) -%}
struct_pack(instant := {{ instant }}, told := {{ value }})
{%- endmacro %}

{% macro spark__at_instant(value, instant) -%}
named_struct('instant', {{ instant }}, 'told', {{ value }})
{%- endmacro %}
