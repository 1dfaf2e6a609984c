-- Accounts that agree in the features of a blocking rule, or in an identifier that may link, are
-- worth a comparison. Blocks of more accounts than `identity_max_block` say too little.
with blocks as (

    {%- for rule, features in identity_blocking_rules().items() %}
    select
        account_id,
        '{{ rule }}' as block_type,
        {{ features | join(" || '|' || ") }} as block
    from {{ ref('int_account_features') }}
    union all
    {%- endfor %}
    select account_id, identifier_type, identifier_value
    from {{ ref('int_linking_identifiers') }}

),

sized as (

    select
        account_id,
        block_type,
        block,
        count(*) over (partition by block_type, block) as account_count
    from blocks
    where block is not null

)

select * from sized
where account_count between 2 and {{ var('identity_max_block') }}
