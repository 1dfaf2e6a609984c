{#
  The first branches of a reason_code. A row that its feed declares to be of another kind is asked nothing; one for
  which no declaration is true is refused for that, whatever else it lacks; and so is one that has no key.

  Example: case {{ refuse_key('order_id') }} when currency is null then 'currency_missing' end as reason_code
#}
{% macro refuse_key(key) -%}
when _row_kind = 'ignored' then null
when _row_kind = 'unknown' then 'row_kind_unknown'
when {{ key }} is null then 'key_missing'
{%- endmacro %}
