-- The last year of tickets by reason; medians of months are not the median of the year, so that the mean over months is weighed
-- by their tickets, of hours to the solution by those that are solved.
select
    reason,
    sum(ticket_count)::bigint as tickets,
    sum(median_answer_hours * answered_count) / sum(answered_count) filter (where median_answer_hours is not null) as answer_hours,
    sum(median_solution_hours * resolved_count) / sum(resolved_count) filter (where median_solution_hours is not null) as solution_hours,
    sum(unresolved_count) / sum(ticket_count) as unresolved_share,
    sum(reopened_count) / nullif(sum(reopening_told_count), 0) as reopened_share,
    sum(repeated_count) / nullif(sum(repeat_judged_count), 0) as repeated_share
from marts.service_quality
where channel = 'all' and store_id = 'all'
    and opened_month > (select max(opened_month) from marts.service_quality) - interval '12' month
group by reason
order by reason = 'all', tickets desc, reason
