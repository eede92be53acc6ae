"""Who works here: invitations, roles, leaving."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.core.validators import validate_email
from django.db import transaction

from userops.errors import NotFound, Refused
from userops.events.models import Product
from userops.words import Words
from userops.workspace.access import check, check_workspace
from userops.workspace.log import note
from userops.workspace.models import ApiToken, Invitation, Membership, User
from userops.workspace.roles import Permission, Role
from userops.workspace.setup import check_account, refuse_invalid

INVITATION_DAYS = 14


def _check_may_manage(acting_user: User, product: Product | None) -> None:
    if product is None:
        check_workspace(acting_user)
    else:
        check(acting_user, product, Permission.MANAGE_WORKSPACE)


def _role(role: str) -> Role:
    try:
        return Role(role)
    except ValueError:
        known = ", ".join(Role.values)
        raise Refused(
            Words(f"角色应为以下之一：{known}。", f"The role must be one of {known}."),
            code="role_unknown",
        ) from None


@transaction.atomic
def invite(*, email: str, role: str, product: Product | None, acting_user: User) -> Invitation:
    """A link for one person to join with a role, in one product or (None) in all of them."""
    _check_may_manage(acting_user, product)
    email, wanted = email.strip().lower(), _role(role)
    refuse_invalid(lambda: validate_email(email), "email_invalid")
    if Membership.objects.filter(user__email=email, product=product).exists():
        raise Refused(
            Words(f"{email} 已是成员。", f"{email} is a member already."), code="already_member"
        )
    # a new link replaces the one that was not used
    Invitation.objects.filter(email=email, product=product, accepted=None).delete()
    invitation = Invitation.objects.create(
        email=email, role=wanted, product=product, invited_by=acting_user
    )
    note(acting_user, "member.invited", product=product, target=email, role=wanted.value)
    return invitation


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, acting_user: User) -> None:
    """Make a link that was not used yet worthless."""
    _check_may_manage(acting_user, invitation.product)
    if invitation.accepted is not None:
        raise Refused(
            Words("该邀请已被接受。", "This invitation has been accepted."), code="already_member"
        )
    note(
        acting_user,
        "invitation.withdrawn",
        product=invitation.product,
        target=invitation.email,
    )
    invitation.delete()


def open_invitation(secret: str) -> Invitation:
    """The invitation behind a link. Raises `NotFound` when it is used, withdrawn or too old."""
    since = datetime.now(UTC) - timedelta(days=INVITATION_DAYS)
    found = Invitation.objects.filter(secret=secret, accepted=None, created__gte=since).first()
    if found is None:
        raise NotFound(
            Words("该邀请链接已失效。", "This invitation is no longer valid."),
            code="invitation_not_found",
            hint=Words("请让管理员重新邀请你。", "Ask an administrator to invite you again."),
        )
    return found


@transaction.atomic
def accept_invitation(
    invitation: Invitation, *, name: str = "", password: str = "", acting_user: User | None
) -> User:
    """Join. A new person chooses a password; somebody who has an account must be logged in as it."""
    user = User.objects.filter(email=invitation.email).first()
    if user is not None and user.is_active and user != acting_user:
        raise Refused(
            Words(
                f"{invitation.email} 已有账号，请先登录该账号再接受邀请。",
                f"{invitation.email} has an account: log in to it, then accept.",
            ),
            code="log_in_first",
        )
    if user is None or not user.is_active:
        user = user or User(email=invitation.email)
        user.name, user.is_active = name.strip()[:100], True
        check_account(user, password)
        user.set_password(password)
        user.save()
    Membership.objects.update_or_create(
        user=user, product=invitation.product, defaults={"role": invitation.role}
    )
    invitation.accepted = datetime.now(UTC)
    invitation.save(update_fields=["accepted"])
    note(user, "member.joined", product=invitation.product, target=user.email, role=invitation.role)
    return user


@transaction.atomic
def change_role(membership: Membership, *, role: str, acting_user: User) -> Membership:
    """Give a member another role. The last administrator of the workspace stays one."""
    _check_may_manage(acting_user, membership.product)
    wanted, before = _role(role), membership.role
    if wanted == before:
        return membership
    _keep_an_admin(membership)
    membership.role = wanted
    membership.save(update_fields=["role"])
    note(
        acting_user,
        "member.role_changed",
        product=membership.product,
        target=membership.user.email,
        role=[before, wanted.value],
    )
    return membership


@transaction.atomic
def remove_member(membership: Membership, *, acting_user: User) -> None:
    """End a membership. Who has none left cannot log in, and their tokens end."""
    _check_may_manage(acting_user, membership.product)
    _keep_an_admin(membership)
    user, product = membership.user, membership.product
    membership.delete()
    if not Membership.objects.filter(user=user).exists():
        user.is_active = False
        user.save(update_fields=["is_active"])
        ApiToken.objects.filter(user=user, revoked=None).update(revoked=datetime.now(UTC))
    note(acting_user, "member.removed", product=product, target=user.email)


def _keep_an_admin(membership: Membership) -> None:
    everywhere = Membership.objects.select_for_update().filter(
        product=None, role=Role.ADMIN, user__is_active=True
    )
    if membership.product is None and membership.role == Role.ADMIN and everywhere.count() <= 1:
        raise Refused(
            Words(
                "这是最后一位管理员，不能移除或降级。",
                "This is the last administrator: they cannot be removed or given another role.",
            ),
            code="last_admin",
            hint=Words("请先添加另一位管理员。", "Make somebody else administrator first."),
        )
