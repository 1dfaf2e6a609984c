-- Which item was first bought on one of the next sequence_steps days with something new, within sequence_days: a row per
-- customer and pair, joined by equality of the step, so that rows grow with what was bought and never with its square. Each
-- step is a join of its own, by equality alone: with a table of step numbers between the two DuckDB joins all of a customer's items with each other first.
{%- set last_step = whole_number('sequence_steps', 1) %}
{%- for step in range(1, last_step + 1) %}
{%- if not loop.first %}
union all
{%- endif %}
select
    earlier.item_number,
    later.item_number as next_item_number,
    earlier.customer_number,
    {{ days_between('earlier.adopted_on', 'later.adopted_on') }} as days_between
from {{ ref('int_item_adoptions') }} as earlier
inner join {{ ref('int_item_adoptions') }} as later
    on earlier.item_kind = later.item_kind
    and earlier.customer_number = later.customer_number
    and earlier.adoption_step + {{ step }} = later.adoption_step
where {{ days_between('earlier.adopted_on', 'later.adopted_on') }} <= {{ whole_number('sequence_days', 1) }}
{%- endfor %}
