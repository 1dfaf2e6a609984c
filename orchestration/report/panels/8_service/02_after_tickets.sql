-- The greatest imbalance tells how far the comparison can be trusted.
select
    outcomes.reason,
    outcomes.matched_ticket_count as matched_tickets,
    outcomes.matched_ticket_count / nullif(outcomes.ticket_count, 0) as matched_share,
    outcomes.ticket_mean as bought_again_share,
    outcomes.matched_mean as alike_share,
    100 * outcomes.difference as points_difference,
    100 * outcomes.low_difference as points_from,
    100 * outcomes.high_difference as points_to,
    spend.difference as amount_difference,
    (
        select max(abs(matched_deviations)) from marts.service_effects as balance
        where balance.reason = outcomes.reason and balance.measure_role = 'balance'
    ) as greatest_imbalance
from marts.service_effects as outcomes
inner join marts.service_effects as spend on outcomes.reason = spend.reason and spend.measure = 'later_amount'
where outcomes.measure = 'repurchase' and outcomes.matched_ticket_count > 0
order by outcomes.reason = 'all', outcomes.difference, outcomes.reason
