-- Every way to a tag: each rule with each item that there is of its figure, the tag and the value that it makes, and the trait of which it is asked
-- which systems told it: all of the trait for a share of it, and for what is merely counted the item. Scores of spending and the lifecycle rest on
-- the purchases that count on the day. Ways, tags and values have numbers, since tens of millions of figures are sorted by them. Ways are rivals that
-- may hold on one day: of two rules, or of two items of a trait; of what is told in a word, such as a city, a rule finds one item a day.
with items as (

    select trait as figure, item, item_number
    from {{ ref('int_trait_items') }}
    where item is not null
    {%- for told in ['int_person_figures', 'int_figure_runs'] %}
    union all
    select distinct figure, item, cast(null as bigint)
    from {{ ref(told) }}
    {%- endfor %}

),

named as (

    select
        rules.rule, rules.rank, rules.measure, rules.comparison, rules.threshold, rules.least_evidence, rules.least_amount,
        items.figure, items.item, items.item_number,
        rules.tag || case when rules.is_per_item then ':' || coalesce(names.value, rules.value, items.item) else '' end as tag,
        coalesce(names.value, rules.value, items.item) as value,
        coalesce(names.name_en, rules.value, items.item) as value_name_en,
        coalesce(names.name_zh, rules.value, items.item) as value_name_zh,
        case when items.figure in ('spend_score', 'lifecycle_state', 'lifecycle_stage') then 'basket_amount' else items.figure end as told_trait
    from items
    inner join {{ ref('tag_rules') }} as rules
        on items.figure = rules.figure
        and (items.item = rules.item or rules.item is null)
    left join {{ ref('tag_items') }} as names
        on items.figure = names.figure
        and coalesce(rules.value, {{ lower_ascii('items.item') }}) = names.item

)

select
    named.*,
    traits.item_number as told_item_number,
    traits.whole_number as told_whole_number,
    min(named.rule) over by_tag < max(named.rule) over by_tag or (named.item_number is not null and count(*) over by_tag > 1) as is_rivalled,
    cast(row_number() over (order by named.value nulls last, named.rule nulls last, named.item nulls last) as bigint) as way_number,
    cast(dense_rank() over (order by named.tag nulls last) as bigint) as tag_number,
    cast(dense_rank() over (order by named.value nulls last) as bigint) as value_number
from named
left join {{ ref('int_trait_items') }} as traits
    on named.told_trait = traits.trait
    and traits.item is not distinct from case when named.measure = 'amount' and named.told_trait = named.figure then named.item end
window by_tag as (partition by named.tag)
