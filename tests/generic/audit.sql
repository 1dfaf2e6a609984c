{#
  Everything that must hold of the rows of one table, asked in one query; one blocking check a table.

  key: the columns that tell rows apart; none of them is null, but for those named in `nullable`, where null is a
    value of its own, such as the business day of a row whose date can't be read.
  not_null: further columns that are never null.
  accepted_values: the values that a column may have, by column; null is left to not_null.
  references: the relation in whose column of the same name each value must stand, by column; null is free.
  rules: conditions by name, in the field's words; a row breaks one where it is false, not where it is unknown.

  Returns a row for each broken rule, with how many rows break it: the name of a rule and a number, never a value.
  Example:
    - audit:
        arguments:
          key: [order_id]
          not_null: [net_amount]
          accepted_values: {order_status: [paid, unpaid, cancelled]}
          references: {customer_id: ref('customers')}
          rules:
            net_is_what_is_left: net_amount = gross_amount - discount_amount - refunded_amount - voided_amount
#}
{% test audit(model, key, nullable=[], not_null=[], accepted_values={}, references={}, rules={}) %}
select
    rule,
    broken_rows
from (
    select 'key ({{ key | join(", ") }})' as rule, count(*) as broken_rows
    from (
        select {{ key | join(', ') }}
        from {{ model }}
        group by {{ key | join(', ') }}
        having count(*) > 1
            {%- for column in key if column not in nullable %}
            or {{ column }} is null
            {%- endfor %}
    ) as repeated_keys
    {%- for column in not_null %}
    union all
    select 'not_null ({{ column }})', count(*)
    from {{ model }}
    where {{ column }} is null
    {%- endfor %}
    {%- for column, accepted in accepted_values.items() %}
    union all
    select 'accepted_values ({{ column }})', count(*)
    from {{ model }}
    where {{ column }} not in ('{{ accepted | join("', '") }}')
    {%- endfor %}
    {%- for column, target_relation in references.items() %}
    union all
    select 'references ({{ column }})', count(*)
    from {{ model }} as referring
    anti join {{ target_relation }} as referred on referring.{{ column }} = referred.{{ column }}
    where referring.{{ column }} is not null
    {%- endfor %}
    {%- for name, condition in rules.items() %}
    union all
    select '{{ name }}', count(*)
    from {{ model }}
    where not ({{ condition }})
    {%- endfor %}
) as audited
where broken_rows > 0
{% endtest %}
