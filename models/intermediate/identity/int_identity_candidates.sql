-- Pairs of accounts that share a block. Blocks are small, so that the pairs grow with the accounts.
with blocks as (

    select * from {{ ref('int_account_blocks') }}

),

candidates as (

    select distinct
        blocks.account_id,
        others.account_id as other_account_id
    from blocks
    inner join blocks as others
        on blocks.block_type = others.block_type
        and blocks.block = others.block
        and blocks.account_id < others.account_id

)

select * from candidates
