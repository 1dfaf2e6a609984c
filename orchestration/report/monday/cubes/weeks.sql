-- Two years of weeks that end before the day of analysis.
select
    cast((publication.as_of_date - weeks.ends_on) / 7 as integer) as weeks_back,
    weeks.place,
    weeks.channel,
    weeks.segment,
    weeks.buyers,
    weeks.known_orders + weeks.guest_orders as orders,
    weeks.known_amount + weeks.guest_amount + weeks.other_amount as net_amount,
    weeks.known_amount + weeks.guest_amount as purchase_amount,
    weeks.people
from sold_in('week') as weeks
cross join marts.publication as publication
order by weeks.place, weeks.channel, weeks.segment, weeks_back
