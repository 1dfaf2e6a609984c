-- All figures of which tags are made, one below the other, each with the days on which it holds, and the last of them on which it was looked at.
-- Where it is told apart in another way, a tag needs a row of tag_rules and no model. What is not counted is null, and rests on one word of
-- one system.
{%- set held = 'customer_number, figure, item, valid_from, valid_to' %}

select {{ held }}, valid_from as evidence_on, amount, share, index_value, index_low, index_high, evidence_count, cast(null as string) as source_systems
from {{ ref('int_trait_figures') }}
union all
select {{ held }}, valid_from, null, null, null, null, null, 1, source_system
from {{ ref('int_person_figures') }}
union all
select {{ held }}, evidence_on, amount, share, null, null, null, evidence_count, source_systems
from {{ ref('int_figure_runs') }}
