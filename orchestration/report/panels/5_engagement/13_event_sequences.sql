-- The most frequent steps of a visit, with what follows each of them at least once in ten times.
with together as (
    select
        step,
        next_step,
        sum(transition_count)::bigint as transitions,
        max(transition_share) filter (where customer_type = 'new') as new_share,
        max(transition_share) filter (where customer_type = 'regular') as regular_share
    from marts.customer_event_sequences
    group by step, next_step
),

placed as (
    select
        *,
        sum(transitions) over (partition by step) as step_count,
        transitions / sum(transitions) over (partition by step) as next_share
    from together
)

select step, next_step, transitions, next_share, new_share, regular_share
from placed
where next_share >= 0.1
qualify dense_rank() over (order by step_count desc, step) <= 8
order by step <> 'begin', step_count desc, step, transitions desc, next_step
