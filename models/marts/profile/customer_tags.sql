-- A tag holds while a rule of the seed tag_rules does, on days of analysis in a row and with one value. Figures come with the days on which
-- they hold: those that meet a rule, and touch, are one row, with the evidence of its last day. So tags are made for all of history at
-- once, as it stood on each day, and nothing is remembered from run to run.
{%- set measures = ['amount', 'share', 'index_value', 'index_low', 'index_high'] %}

with days as (

    select as_of_date, lead(as_of_date) over (order by as_of_date nulls last) as next_as_of_date
    from {{ ref('int_as_of_dates') }}

),

figures as (

    select
        customer_id, figure, item, valid_from, valid_to, {{ measures | join(', ') }}, evidence_count, source_systems
    from {{ ref('int_customer_figures') }}
    {%- for part in ['state', 'stage'] %}
    union all
    select
        lifecycle.customer_id, 'lifecycle_{{ part }}', lifecycle.{{ part }}, days.as_of_date, days.next_as_of_date,
        cast(lifecycle.days_since_last as decimal(18,2)), null, null, null, null, lifecycle.purchase_count, null
    from {{ ref('customer_lifecycle') }} as lifecycle
    inner join days on lifecycle.as_of_date = days.as_of_date
    {%- endfor %}

),

met as (

    select
        figures.*,
        rules.rule,
        rules.rank,
        rules.tag || case when rules.is_per_item then ':' || coalesce(items.value, rules.value, figures.item) else '' end as tag,
        coalesce(items.value, rules.value, figures.item) as value,
        coalesce(items.name_en, rules.value, figures.item) as value_name_en,
        coalesce(items.name_zh, rules.value, figures.item) as value_name_zh
    from figures
    inner join {{ ref('tag_rules') }} as rules
        on figures.figure = rules.figure
        and (figures.item = rules.item or rules.item is null)
        and figures.evidence_count >= rules.least_evidence
    left join {{ ref('tag_items') }} as items
        on figures.figure = items.figure
        and coalesce(rules.value, {{ lower_ascii('figures.item') }}) = items.item
    where rules.measure is null
        {%- for measure in measures %}
        or (rules.measure = '{{ measure }}' and rules.comparison = 'at_least' and figures.{{ measure }} >= rules.threshold)
        or (rules.measure = '{{ measure }}' and rules.comparison = 'at_most' and figures.{{ measure }} <= rules.threshold)
        {%- endfor %}

),

ranked as (

    select
        met.*,
        row_number() over (
            partition by customer_id, tag, valid_from
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
    window by_day as (partition by customer_id, tag order by valid_from nulls last)

),

begun as (

    select
        neighbours.*,
        max(case when not goes_on then valid_from end) over (partition by customer_id, tag order by valid_from nulls last) as begun_on
    from neighbours

),

ended as (

    select
        begun.customer_id, begun.tag, begun.begun_on as valid_from, begun.valid_to, begun.valid_from as evidence_on, begun.rule,
        begun.value, begun.value_name_en, begun.value_name_zh, begun.{{ measures | join(', begun.') }}, begun.evidence_count,
        coalesce(begun.source_systems, customers.source_systems) as source_systems
    from begun
    inner join {{ ref('int_customers') }} as customers on begun.customer_id = customers.customer_id
    where not begun.is_followed

)

select
    ended.*,
    rules.family, rules.tag_name_en, rules.tag_name_zh,
    {%- for sentence in ['evidence_en', 'evidence_zh'] %}
    {%- set said = namespace(sql=say_number('rules.' ~ sentence, 'coalesce(ended.share, 0)')) %}
    {%- for word, number in [('{index}', round_half_up('ended.index_value', 1)), ('{amount}', round_half_up('cast(ended.amount as double)', 0)),
        ('{evidence}', 'ended.evidence_count'), ('{source}', 'ended.source_systems')] %}
    {%- set said.sql = 'replace(' ~ said.sql ~ ", '" ~ word ~ "', coalesce(cast(" ~ number ~ " as string), ''))" %}
    {%- endfor %}
    {{ said.sql }} as {{ sentence }},
    {%- endfor %}
    trust.trust as source_trust,
    ended.source_systems not like '%,%' as is_single_source,
    ended.valid_to is null as is_current
from ended
inner join {{ ref('tag_rules') }} as rules on ended.rule = rules.rule
left join {{ ref('source_trust') }} as trust on ended.source_systems = trust.source_system
