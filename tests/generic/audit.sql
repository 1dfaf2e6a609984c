{#
  Everything that must hold of the rows of one table, asked in one query; one blocking check a table.

  key: the columns that tell rows apart; none of them is null, but for those named in `nullable`, where null is a
    value of its own, such as the business day of a row whose date can't be read.
  not_null: further columns that are never null.
  accepted_values: the values that a column may have, by column; null is left to not_null.
  references: the relation in whose column of the same name each value must stand, by column; null is free.
  rules: conditions by name, in the field's words; a row breaks one where it is false, not where it is unknown.

  Returns a row for each broken rule, with how many rows break it: the name of a rule and a number, never a value.
  Why the key is asked twice: of ten million keys a hash finds in half the time, and a fraction of the memory,
  that none repeats; only those that share one are compared as they are.
  Why `rows_asked` and `keys_asked`: of a table of which some months have changed since all of this held of it, conditions are
  asked of the rows of these months, and keys of them and of rows that share one with them (macro within_what_differs).
  Why rules are counted and not named in each row: where a filter asks for any of n named conditions, Spark infers
  the filter anew for each choice of them, 2^n times.
  Example:
    - audit:
        name: audit_orders
        arguments:
          key: [order_id]
          not_null: [net_amount]
          accepted_values: {order_status: [paid, unpaid, cancelled]}
          references: {customer_id: ref('customers')}
          rules:
            net_is_what_is_left: net_amount = gross_amount - discount_amount + adjustment_amount - refunded_amount - voided_amount
#}
{% test audit(model, key, nullable=[], not_null=[], accepted_values={}, references={}, rules={}) %}
{%- set conditions = {} %}
{%- for column in key | reject('in', nullable) | list + not_null %}
    {%- do conditions.update({'not_null (' ~ column ~ ')': column ~ ' is not null'}) %}
{%- endfor %}
{%- for column, accepted in accepted_values.items() %}
    {%- do conditions.update({'accepted_values (' ~ column ~ ')': column ~ " in ('" ~ accepted | join("', '") ~ "')"}) %}
{%- endfor %}
{%- do conditions.update(rules) %}
{%- set columns = key | join(', ') %}

select
    'key ({{ columns }})' as rule,
    count(*) as broken_rows
from (
    select {{ columns }}
    from {{ model }}
    where {{ hash_64(key) }} in (
        select {{ hash_64(key) }}
        from {{ model }} as keys_asked
        group by {{ hash_64(key) }}
        having count(*) > 1
    )
    group by {{ columns }}
    having count(*) > 1
) as repeated_keys
having count(*) > 0
{%- for column, target_relation in references.items() %}
union all
select
    'references ({{ column }})',
    count(*)
from {{ model }} as referring
anti join {{ target_relation }} as referred on referring.{{ column }} = referred.{{ column }}
where referring.{{ column }} is not null
having count(*) > 0
{%- endfor %}
{%- if conditions %}
union all
select
    rule,
    broken_rows
from (
    select
        conditions.rule,
        case conditions.number
            {%- for rule in conditions %}
            when {{ loop.index }} then counted.broken_{{ loop.index }}
            {%- endfor %}
        end as broken_rows
    from (
        select
            {%- for condition in conditions.values() %}
            count(case when not ({{ condition }}) then 1 end) as broken_{{ loop.index }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ model }} as rows_asked
        where not ({{ conditions.values() | join(') or not (') }})
    ) as counted
    cross join (
        {%- for rule in conditions %}
        select {{ loop.index }} as number, '{{ rule }}' as rule
        {{- ' union all' if not loop.last }}
        {%- endfor %}
    ) as conditions
) as asked
where broken_rows > 0
{%- endif %}
{% endtest %}
