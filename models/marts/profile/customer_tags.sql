-- Tags in words, with what they rest on, in both languages, and the systems that told it.
{%- set every_purchase = 'basket_amount' %}
{%- set systems = 'coalesce(tags.source_systems, sources.source_systems, customers.source_systems)' %}

-- Of habits it is asked only now which systems delivered what they rest on, since few figures are tags: all of a trait for a share of it,
-- and for what is merely counted what has the item. Scores of spending and the lifecycle rest on the purchases that count on the day.
with sources as (

    select tags.customer_number, tags.tag, tags.evidence_on, {{ join_array('states.source_system', ', ') }} as source_systems
    from {{ ref('int_tag_runs') }} as tags
    inner join {{ ref('tag_rules') }} as rules on tags.rule = rules.rule
    inner join {{ ref('int_trait_states') }} as states
        on tags.customer_number = states.customer_number
        and states.trait = case when tags.figure in ('spend_score', 'lifecycle_state', 'lifecycle_stage') then '{{ every_purchase }}' else tags.figure end
        and tags.evidence_on >= states.valid_from
        and (tags.evidence_on < states.valid_to or states.valid_to is null)
    where case when rules.measure = 'amount' and states.trait = tags.figure then states.item = tags.item and states.amount > 0
        else states.whole_amount > 0 end
    group by tags.customer_number, tags.tag, tags.evidence_on

)

select
    customers.customer_id, tags.tag, tags.valid_from, tags.valid_to, tags.evidence_on,
    rules.rule, rules.family, rules.tag_name_en, rules.tag_name_zh, tags.value,
    coalesce(items.name_en, rules.value, tags.item) as value_name_en, coalesce(items.name_zh, rules.value, tags.item) as value_name_zh,
    tags.amount, tags.share, tags.index_value, tags.index_low, tags.index_high, tags.evidence_count,
    {{ say_evidence('rules.evidence_en', 'tags', systems) }} as evidence_en,
    {{ say_evidence('rules.evidence_zh', 'tags', systems) }} as evidence_zh,
    {{ systems }} as source_systems,
    trust.trust as source_trust, {{ systems }} not like '%,%' as is_single_source, tags.valid_to is null as is_current
from {{ ref('int_tag_runs') }} as tags
inner join {{ ref('int_customers') }} as customers on tags.customer_number = customers.customer_number
inner join {{ ref('tag_rules') }} as rules on tags.rule = rules.rule
left join {{ ref('tag_items') }} as items
    on tags.figure = items.figure
    and coalesce(rules.value, {{ lower_ascii('tags.item') }}) = items.item
left join sources
    on tags.customer_number = sources.customer_number
    and tags.tag = sources.tag
    and tags.evidence_on = sources.evidence_on
left join {{ ref('source_trust') }} as trust on {{ systems }} = trust.source_system
