-- What each account says of its person, one field a row, so that one rule can choose for any field.
with account_values as (

    {%- for field, text in golden_record_fields().items() %}
    select
        account_id,
        source_system,
        registered_on,
        '{{ field }}' as field,
        {{ text }} as value
    from {{ ref('int_accounts') }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select * from account_values
where value is not null
