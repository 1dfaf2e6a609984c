-- What: every state that customer_lifecycle has on a day of analysis is a tag that holds on it, for as many customers; and the purchases of
-- which habits are told are all those in the window, each once.
-- Why: intervals that are cut or joined at the wrong day, and changes that are counted twice, show in no tag that one looks at.
-- Returns what differs, with both numbers. Without the rule, or the figure, nothing is compared.
with intervals as (

    select value, valid_from, valid_to, count(*) as customer_count
    from {{ ref('customer_tags') }}
    where rule = 'lifecycle_state'
    group by value, valid_from, valid_to

),

tagged as (

    select days.as_of_date, intervals.value, sum(intervals.customer_count) as customer_count
    from intervals
    inner join {{ ref('int_as_of_dates') }} as days
        on intervals.valid_from <= days.as_of_date
        and (intervals.valid_to > days.as_of_date or intervals.valid_to is null)
    group by days.as_of_date, intervals.value

),

stated as (

    select as_of_date, state, count(*) as customer_count
    from {{ ref('customer_lifecycle') }}
    group by as_of_date, state

),

bought as (

    select count(*) as purchase_count
    from {{ ref('int_latest_transactions') }} as purchases
    inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest
    where purchases.is_purchase
        and purchases.transacted_on >= latest.as_of_date - {{ whole_number('tag_window_days', 1) }}

),

counted as (

    select everybody.whole_amount as purchase_count
    from {{ ref('int_everybody_traits') }} as everybody
    inner join {{ ref('int_trait_items') }} as items
        on everybody.item_number = items.item_number
        and items.trait = 'basket_amount'
    inner join {{ ref('int_as_of_dates') }} as latest
        on everybody.as_of_date = latest.as_of_date
        and latest.is_latest

)

select
    'customers who are ' || coalesce(stated.state, tagged.value) || ' on ' || cast(coalesce(stated.as_of_date, tagged.as_of_date) as string) as of_what,
    cast(coalesce(stated.customer_count, 0) as bigint) as there_are,
    cast(coalesce(tagged.customer_count, 0) as bigint) as counted
from stated
full join tagged on stated.as_of_date = tagged.as_of_date and stated.state = tagged.value
where coalesce(stated.customer_count, 0) <> coalesce(tagged.customer_count, 0)
    and exists (select 1 from {{ ref('tag_rules') }} as rules where rules.rule = 'lifecycle_state')
union all
select 'purchases in the window', bought.purchase_count, cast(coalesce(counted.purchase_count, 0) as bigint)
from bought
left join counted on true
where bought.purchase_count <> coalesce(counted.purchase_count, 0)
    and exists (select 1 from {{ ref('tag_rules') }} as rules where rules.figure = 'basket_amount')
