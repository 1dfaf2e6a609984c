-- Tags in words, in both languages, with what they rest on and who told it. A tag is of the month of its evidence: what ended before stays as it was said.
{%- set systems = 'coalesce(tags.source_systems, sources.source_systems, tags.customer_systems)' %}

-- Which systems delivered the purchases or statements behind a tag is asked of tags alone, since few figures are any; and once of a customer, a
-- trait and a day, since whatever holds today is asked of today.
with asked as (

    select distinct tags.customer_number, tags.evidence_on, ways.told_whole_number, ways.told_item_number
    from {{ ref('int_tag_runs') }} as tags
    inner join {{ ref('int_tag_ways') }} as ways on tags.way_number = ways.way_number
    where tags.source_systems is null

),

sources as (

    select asked.customer_number, asked.evidence_on, asked.told_item_number, {{ join_array('states.source_system', ', ') }} as source_systems
    from asked
    inner join {{ ref('int_trait_states') }} as states
        on asked.customer_number = states.customer_number
        and asked.told_whole_number = states.whole_number
        and asked.evidence_on >= states.valid_from
        and (asked.evidence_on < states.valid_to or states.valid_to is null)
    where case when asked.told_item_number = asked.told_whole_number then states.whole_amount > 0
        else states.item_number = asked.told_item_number and states.amount > 0 end
    group by asked.customer_number, asked.evidence_on, asked.told_item_number

),

-- Many rest on the same numbers, of which a sentence is made once.
sentences as (

    select
        numbers.*,
        {{ say_evidence('rules.evidence_en', 'numbers') }} as evidence_en,
        {{ say_evidence('rules.evidence_zh', 'numbers') }} as evidence_zh
    from (select distinct way_number, amount, share, index_value, evidence_count from {{ ref('int_tag_runs') }}) as numbers
    inner join {{ ref('int_tag_ways') }} as ways on numbers.way_number = ways.way_number
    inner join {{ ref('tag_rules') }} as rules on ways.rule = rules.rule

)

select
    tags.customer_id, ways.tag, tags.valid_from, tags.valid_to, tags.evidence_on,
    rules.rule, ways.value, ways.value_name_en, ways.value_name_zh,
    tags.amount, tags.share, tags.index_value, tags.index_low, tags.index_high, tags.evidence_count,
    {{ systems }} as source_systems, rules.family, rules.tag_name_en, rules.tag_name_zh,
    replace(sentences.evidence_en, '{source}', {{ systems }}) as evidence_en, replace(sentences.evidence_zh, '{source}', {{ systems }}) as evidence_zh,
    trust.trust as source_trust, {{ systems }} not like '%,%' as is_single_source, tags.valid_to is null as is_current
from {{ ref('int_tag_runs') }} as tags
inner join {{ ref('int_tag_ways') }} as ways on tags.way_number = ways.way_number
inner join {{ ref('tag_rules') }} as rules on ways.rule = rules.rule
inner join sentences
    on tags.way_number = sentences.way_number
    and tags.evidence_count = sentences.evidence_count
    {%- for number in ['amount', 'share', 'index_value'] %}
    and tags.{{ number }} is not distinct from sentences.{{ number }}
    {%- endfor %}
left join sources
    on tags.customer_number = sources.customer_number
    and tags.evidence_on = sources.evidence_on
    and ways.told_item_number = sources.told_item_number
left join {{ ref('source_trust') }} as trust on {{ systems }} = trust.source_system
