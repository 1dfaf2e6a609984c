-- Pairs of accounts that share a block. Blocks are small, so that the pairs grow with the accounts.
select distinct
    blocks.account_id,
    others.account_id as other_account_id
from {{ ref('int_account_blocks') }} as blocks
inner join {{ ref('int_account_blocks') }} as others
    on blocks.block_type = others.block_type
    and blocks.block = others.block
    and blocks.account_id < others.account_id
