-- What: everybody whom a play is for is a candidate of it.
-- Why: the playbook and the priors are edited by hand; a row that is gone takes its people out of all audiences, in silence.
-- Returns who is missing, by play and cause: add the row to the seed churn_playbook (of the shop's retail_type) or play_priors.
select
    members.play,
    members.cause,
    count(*) as missing_count
from {{ ref('int_play_members') }} as members
left join {{ ref('play_candidates') }} as candidates
    on members.customer_id = candidates.customer_id
    and members.play = candidates.play
where candidates.customer_id is null
group by members.play, members.cause
