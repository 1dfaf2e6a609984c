select
    reason_code,
    coalesce(max(reason_en), reason_code) as reason_en,
    coalesce(max(reason_zh), reason_code) as reason_zh,
    count(distinct account_id) filter (where other_account_id is null) as refused_accounts,
    count(*) filter (where other_account_id is not null) as refused_pairs
from marts.identity_refused_links
group by reason_code
order by refused_accounts + refused_pairs desc, reason_code
