-- Every item of the traits that a rule asks of, and each trait's whole, by a number: what is counted of millions of customers is counted by
-- numbers, since names are compared letter by letter. A whole has no item.
with asked as (

    select distinct figure
    from {{ ref('tag_rules') }}

),

moments as (

    select distinct
        days.day_kind,
        cast(days.iso_weekday as string) as day_of_week,
        parts.daypart
    from {{ ref('int_calendar_days') }} as days
    cross join {{ ref('dayparts') }} as parts

),

found as (

    {%- for trait, named, relation in [
        ('channel', "nullif(channel, 'unknown')", ref('int_kpi_orders')),
        ('region', "nullif(nullif(region, 'no_store'), 'unknown')", ref('int_kpi_orders')),
        ('day_kind', 'day_kind', 'moments'),
        ('day_of_week', 'day_of_week', 'moments'),
        ('daypart', 'daypart', 'moments'),
        ('moment', "day_kind || '_' || daypart", 'moments'),
        ('category', 'category', accepted('products')),
        ('brand', 'brand', accepted('products')),
        ('need', 'need', ref('need_terms')),
        ('social', 'channel', accepted('interactions')),
    ] %}
    select '{{ trait }}' as trait, {{ named }} as item from {{ relation }} as named union
    {%- endfor %}
    select 'discount', 'discounted' union
    select 'basket_lines', 'mean' union
    select 'basket_amount', 'mean'

),

numbered as (

    select
        trait,
        item,
        cast(row_number() over (order by trait nulls last, item nulls last) as bigint) as item_number
    from (
        select trait, item from found where item is not null union
        select distinct trait, cast(null as string) from found
    ) as items
    inner join asked on items.trait = asked.figure

)

select
    numbered.*,
    max(item_number) over (partition by trait) as whole_number
from numbered
