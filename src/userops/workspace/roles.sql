-- The roles of an active member, by product; null for all products.
select membership.product_id, membership.role
from workspace_membership as membership
join workspace_user as member on member.id = membership.user_id
where member.id = %s and member.is_active
