-- What: the seed golden_record_rules has one of the five rules for each field of the golden record,
-- and for no other field.
-- Why: a field without a rule, or with a misspelt one, would be empty or chosen by chance, in silence.
-- Returns one row for each field that lacks a rule, each unknown field and each unknown rule.
with fields as (
    {% for field in golden_record_fields() %}
    select '{{ field }}' as field
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select
    rules.field as field_with_rule,
    fields.field as known_field,
    rules.rule
from fields
full join {{ ref('golden_record_rules') }} as rules on fields.field = rules.field
where rules.field is null
    or fields.field is null
    or coalesce(
        rules.rule not in ('most_recent', 'oldest_account', 'most_trusted', 'most_frequent', 'latest_value'),
        true
    )
