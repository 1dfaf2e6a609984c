-- What: the seed golden_record_rules has a rule for each field of the golden record, and for no other field.
-- Why: a field without a rule would be empty, in silence.
-- Returns one row for each field that lacks a rule, and each unknown field.
with fields as (
    {% for field in golden_record_fields() %}
    select '{{ field }}' as field
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select
    rules.field as field_with_rule,
    fields.field as known_field
from fields
full join {{ ref('golden_record_rules') }} as rules on fields.field = rules.field
where rules.field is null
    or fields.field is null
