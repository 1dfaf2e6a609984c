{#
  What somebody is on a day: regular where they have bought on an earlier one, new where not, unknown where nobody is known.

  Example: {{ customer_type('sessions.customer_id', 'sessions.started_on', 'beginnings.first_purchase_on') }}
#}
{% macro customer_type(customer_id, day, first_purchase_on) -%}
case
    when {{ customer_id }} is null then 'unknown'
    when {{ day }} > {{ first_purchase_on }} then 'regular'
    else 'new'
end
{%- endmacro %}
