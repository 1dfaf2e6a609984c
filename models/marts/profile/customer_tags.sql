-- A tag holds while a rule of the seed tag_rules does, on days of analysis in a row and with one value: figures that meet a rule, and touch, are
-- one row, with the evidence of its last day. All of history is told at once, as it stood on each day, and nothing is remembered from run to run.
{%- set every_purchase = 'basket_amount' %}
{%- set measures = ['amount', 'share', 'index_value', 'index_low', 'index_high'] %}
{%- set item_of = "figures.figure = items.figure and coalesce(rules.value, " ~ lower_ascii('figures.item') ~ ") = items.item" %}
{%- set systems = 'coalesce(ended.source_systems, sources.source_systems, customers.source_systems)' %}

with days as (

    select as_of_date, lead(as_of_date) over (order by as_of_date nulls last) as next_as_of_date
    from (select distinct as_of_date from {{ ref('customer_lifecycle') }}) as days

),

figures as (

    select customer_number, figure, item, valid_from, valid_to, {{ measures | join(', ') }}, evidence_count, source_systems
    from {{ ref('int_customer_figures') }}
    union all
    select
        customers.customer_number, told.figure, case told.figure when 'lifecycle_state' then lifecycle.state else lifecycle.stage end,
        days.as_of_date, days.next_as_of_date,
        cast(lifecycle.days_since_last as decimal(18,2)), null, null, null, null, lifecycle.purchase_count, null
    from {{ ref('customer_lifecycle') }} as lifecycle
    inner join {{ ref('int_customers') }} as customers on lifecycle.customer_id = customers.customer_id
    inner join days on lifecycle.as_of_date = days.as_of_date
    cross join (select 'lifecycle_state' as figure union all select 'lifecycle_stage') as told

),

met as (

    select
        figures.*,
        rules.rule, rules.rank,
        rules.tag || case when rules.is_per_item then ':' || coalesce(items.value, rules.value, figures.item) else '' end as tag,
        coalesce(items.value, rules.value, figures.item) as value
    from figures
    inner join {{ ref('tag_rules') }} as rules on {{ meets_rule('figures', 'rules') }}
    left join {{ ref('tag_items') }} as items on {{ item_of }}

),

ranked as (

    select
        met.*,
        row_number() over (
            partition by customer_number, tag, valid_from
            order by rank nulls last, share desc nulls last, value nulls last, rule nulls last
        ) as place
    from met

),

neighbours as (

    select
        ranked.*,
        coalesce(lag(valid_to) over by_day = valid_from and lag(value) over by_day = value, false) as goes_on,
        coalesce(lead(valid_from) over by_day = valid_to and lead(value) over by_day = value, false) as is_followed
    from ranked
    where place = 1
    window by_day as (partition by customer_number, tag order by valid_from nulls last)

),

-- Most days neither begin nor end anything.
begun as (

    select
        neighbours.*,
        max(case when not goes_on then valid_from end) over (partition by customer_number, tag order by valid_from nulls last) as begun_on
    from neighbours
    where not (goes_on and is_followed)

),

ended as (

    select begun.*, valid_from as evidence_on from begun where not is_followed

),

-- Of habits it is asked only now which systems delivered what they rest on, since few figures are tags: all of a trait for a share of it,
-- and for what is merely counted what has the item. Scores of spending and the lifecycle rest on the purchases that count on the day.
sources as (

    select ended.customer_number, ended.tag, ended.evidence_on, {{ join_array('states.source_system', ', ') }} as source_systems
    from ended
    inner join {{ ref('tag_rules') }} as rules on ended.rule = rules.rule
    inner join {{ ref('int_trait_states') }} as states
        on ended.customer_number = states.customer_number
        and states.trait = case when ended.figure in ('spend_score', 'lifecycle_state', 'lifecycle_stage') then '{{ every_purchase }}' else ended.figure end
        and ended.evidence_on >= states.valid_from
        and (ended.evidence_on < states.valid_to or states.valid_to is null)
    where case when rules.measure = 'amount' and states.trait = ended.figure then states.item = ended.item and states.amount > 0
        else states.whole_amount > 0 end
    group by ended.customer_number, ended.tag, ended.evidence_on

)

select
    customers.customer_id, ended.tag, ended.begun_on as valid_from, ended.valid_to, ended.evidence_on,
    rules.rule, rules.family, rules.tag_name_en, rules.tag_name_zh, ended.value,
    coalesce(items.name_en, rules.value, ended.item) as value_name_en, coalesce(items.name_zh, rules.value, ended.item) as value_name_zh,
    ended.{{ measures | join(', ended.') }}, ended.evidence_count,
    {{ say_evidence('rules.evidence_en', 'ended', systems) }} as evidence_en,
    {{ say_evidence('rules.evidence_zh', 'ended', systems) }} as evidence_zh,
    {{ systems }} as source_systems,
    trust.trust as source_trust, {{ systems }} not like '%,%' as is_single_source, ended.valid_to is null as is_current
from ended
inner join {{ ref('int_customers') }} as customers on ended.customer_number = customers.customer_number
inner join {{ ref('tag_rules') }} as rules on ended.rule = rules.rule
left join {{ ref('tag_items') }} as items on {{ item_of | replace('figures.', 'ended.') }}
left join sources
    on ended.customer_number = sources.customer_number
    and ended.tag = sources.tag
    and ended.evidence_on = sources.evidence_on
left join {{ ref('source_trust') }} as trust on {{ systems }} = trust.source_system
