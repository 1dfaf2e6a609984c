-- Customers with the fields of the golden record that leave the private warehouse, and the system
-- whose word each of them is. What counts by customer over all of history counts by their number, since letters take longer to compare.
with counted as (

    select
        customer_id,
        {{ join_array('source_system', ', ') }} as source_systems,
        count(*) as account_count,
        count(distinct source_system) as source_system_count,
        min(registered_on) as registered_on
    from {{ ref('int_account_customers') }}
    group by customer_id

),

described as (

    select
        customer_id
        {%- for field in [
            'gender', 'birth_date', 'age_range', 'income_range', 'household_type', 'city', 'membership_tier', 'membership_expires_on'
        ] %},
        max(value) filter (where field = '{{ field }}') as {{ field }},
        max(source_system) filter (where field = '{{ field }}') as {{ field }}_source
        {%- endfor %}
    from {{ ref('int_golden_values') }}
    group by customer_id

)

select
    counted.customer_id,
    {{ number_of('counted.customer_id') }} as customer_number,
    counted.source_systems,
    described.gender,
    described.gender_source,
    cast(described.birth_date as date) as birth_date,
    described.birth_date_source,
    described.age_range,
    described.age_range_source,
    described.income_range,
    described.income_range_source,
    described.household_type,
    described.household_type_source,
    described.city,
    described.city_source,
    described.membership_tier,
    described.membership_tier_source,
    counted.account_count,
    counted.source_system_count,
    counted.registered_on,
    cast(described.membership_expires_on as date) as membership_expires_on,
    described.membership_expires_on_source
from counted
left join described on counted.customer_id = described.customer_id
