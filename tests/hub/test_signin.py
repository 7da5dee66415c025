"""Sign-in over real forms: who gets in, who does not, and what they are told."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.hub.support.camp import HubCamp, Visitor, said

pytestmark = pytest.mark.hub

Visit = Callable[..., Visitor]

MINE = "correct horse"
OTHER_CODE = "aaaa-bbbb-cccc"


def is_in(answer: httpx.Response) -> bool:
    """Tell whether a sign-in succeeded."""
    return answer.status_code == 302 and "login" not in answer.headers["location"]


def test_form_is_prefilled_and_usable(camp: HubCamp, visit: Visit) -> None:
    page = visit(camp).http.get("/hub/login?code=abcd-efgh-jkmn").text
    assert 'value="abcd-efgh-jkmn"' in page
    assert "width=device-width" in page
    assert "Welcome to Test camp" in page
    for field in ("code_input", "username_input", "password_input"):
        assert f'<label class="form-label" for="{field}">' in page
        assert f'id="{field}"' in page
    outside = re.findall(r'(?:src|href|action)="((?:https?:)?//[^"]+)"', page)
    assert outside == [], "a class may sit in a room without the internet"


def test_what_is_typed_comes_back_escaped(camp: HubCamp, visit: Visit) -> None:
    evil = '"><script>alert(1)</script>'
    page = visit(camp).http.get("/hub/login", params={"code": evil}).text
    assert "<script>alert(1)" not in page
    answer = visit(camp).sign_in(evil, MINE, evil)
    assert answer.status_code == 403
    assert "<script>alert(1)" not in answer.text


def test_first_sign_in_claims_the_name_and_later_ones_need_no_code(
    camp: HubCamp, visit: Visit
) -> None:
    assert is_in(visit(camp).sign_in("claire", MINE, camp.join_code))
    assert is_in(visit(camp).sign_in("claire", MINE))
    assert is_in(visit(camp).sign_in(" Claire ", MINE, OTHER_CODE))
    wrong = visit(camp).sign_in("claire", "another one", camp.join_code)
    assert wrong.status_code == 403
    assert "claire is taken" in said(wrong)


def test_code_is_taken_as_people_type_it(camp: HubCamp, visit: Visit) -> None:
    typed = camp.join_code.upper().replace("-", " ")
    assert is_in(visit(camp).sign_in("typist", MINE, typed))


@pytest.mark.parametrize(
    ("name", "password", "says"),
    [
        ("", MINE, "Type the name"),
        ("two words", MINE, "A name has 1 to 32 of these"),
        ("-dash", MINE, "A name has 1 to 32 of these"),
        ("x" * 33, MINE, "A name has 1 to 32 of these"),
        ("../etc", MINE, "A name has 1 to 32 of these"),
        ("shorty", "1234567", "at least 8 characters"),
        ("shorty", "", "at least 8 characters"),
        ("lengthy", "x" * 73, "at most 72"),
        ("annabelle", "Annabelle", "not your name"),
    ],
)
def test_bad_names_and_passwords_are_explained(
    camp: HubCamp, visit: Visit, name: str, password: str, says: str
) -> None:
    answer = visit(camp).sign_in(name, password, camp.join_code)
    assert answer.status_code == 403
    assert says in said(answer)
    assert camp.join_code in answer.text, "the code must not have to be typed again"
    assert password == "" or f'value="{password}"' not in answer.text


def test_answers_do_not_tell_which_names_are_taken(camp: HubCamp, visit: Visit) -> None:
    visit(camp).arrive("known")
    for code in ("", OTHER_CODE):
        answers = [
            said(visit(camp).sign_in(name, "wrong password", code))
            for name in ("known", "unknown", "instructor")
        ]
        assert len(set(answers)) == 1, answers
    assert not is_in(visit(camp).sign_in("unknown", MINE))


def test_staff_sign_in_with_their_password_alone(camp: HubCamp, visit: Visit) -> None:
    claim = visit(camp).sign_in("organizer", MINE, camp.join_code)
    assert claim.status_code == 403
    password = camp.staff_passwords["organizer"]
    organizer = visit(camp)
    assert is_in(organizer.sign_in("organizer", password))
    assert organizer.http.get("/hub/admin").status_code == 200
    assert visit(camp).arrive("curious").http.get("/hub/admin").status_code == 403


def test_one_of_two_who_claim_a_name_at_once_gets_it(
    camp: HubCamp, visit: Visit
) -> None:
    visitors = [visit(camp) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(
                lambda at: visitors[at].sign_in(
                    "wanted", f"password {at}", camp.join_code
                ),
                range(4),
            )
        )
    assert sorted(is_in(answer) for answer in answers) == [False, False, False, True]
    winner = [is_in(answer) for answer in answers].index(True)
    assert is_in(visit(camp).sign_in("wanted", f"password {winner}"))
    assert not is_in(visit(camp).sign_in("wanted", f"password {(winner + 1) % 4}"))


def test_a_double_click_is_no_theft(camp: HubCamp, visit: Visit) -> None:
    visitors = [visit(camp) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(lambda v: v.sign_in("clicky", MINE, camp.join_code), visitors)
        )
    assert all(map(is_in, answers))


def test_form_without_fields_is_a_form_with_empty_fields(
    camp: HubCamp, visit: Visit
) -> None:
    visitor = visit(camp)
    page = visitor.http.get("/hub/login").text
    xsrf = re.search(r'name="_xsrf" value="([^"]+)"', page)
    assert xsrf
    answer = visitor.http.post("/hub/login", data={"_xsrf": xsrf[1]})
    assert answer.status_code == 403
    assert "Type the name" in said(answer)


def test_forged_form_is_refused_kindly(camp: HubCamp, visit: Visit) -> None:
    form = {"username": "ann", "password": MINE, "code": camp.join_code}
    answer = visit(camp).http.post("/hub/login", data=form)
    assert answer.status_code == 403
    assert "Try again" in said(answer)


def test_nobody_may_change_a_password_without_the_old_one(
    camp: HubCamp, visit: Visit
) -> None:
    visitor = visit(camp).arrive("settled")
    assert visitor.http.get("/hub/auth/change-password").status_code == 404
