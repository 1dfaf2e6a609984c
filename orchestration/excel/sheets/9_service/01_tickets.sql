-- Tickets of the last twelve months by reason, all channels and shops.
select
    reason,
    sum(ticket_count) as tickets,
    sum(answered_count) as answered,
    sum(resolved_count) as resolved,
    sum(unresolved_count) as unresolved,
    sum(reopening_told_count) as reopening_told,
    sum(reopened_count) as reopened,
    sum(repeat_judged_count) as repeat_judged,
    sum(repeated_count) as repeated
from marts.service_quality
where channel = 'all' and store_id = 'all' and reason <> 'all'
    and opened_month > (select max(opened_month) from marts.service_quality) - interval 12 month
group by reason
order by tickets desc, reason
