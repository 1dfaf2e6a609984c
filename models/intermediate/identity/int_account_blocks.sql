-- Accounts that agree in the features of a blocking rule, or in an identifier that may link, are
-- worth a comparison. Blocks of more accounts than `identity_max_block` say too little.
with features as (

    select * from {{ ref('int_account_features') }}

),

identifiers as (

    select * from {{ ref('int_account_identifiers') }}

),

verdicts as (

    select * from {{ ref('int_identifier_verdicts') }}

),

blocks as (
    {% for rule, features in identity_blocking_rules().items() %}
    select
        account_id,
        '{{ rule }}' as block_type,
        {{ features | join(" || '|' || ") }} as block
    from features
    union all
    {%- endfor %}
    select
        identifiers.account_id,
        identifiers.identifier_type as block_type,
        identifiers.identifier_value as block
    from identifiers
    inner join verdicts
        on identifiers.identifier_type = verdicts.identifier_type
        and identifiers.identifier_value = verdicts.identifier_value
    where verdicts.refusal_reason is null

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
