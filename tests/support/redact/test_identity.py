from __future__ import annotations

from pathlib import Path

from m1doctor.collect.recorded import RecordedWorld
from m1doctor.collect.world import Account, Uname
from m1doctor.model.reading import Reading
from m1doctor.support.redact.identity import find_identity
from m1doctor.support.redact.redactor import Redactor
from m1doctor.support.redact.secret import Kind, Known

MAC = Uname("Darwin", "23.4.0", "Darwin Kernel Version 23.4.0", "arm64")
LINUX = Uname("Linux", "6.1", "#1 SMP", "x86_64")


def mac(**more: object) -> RecordedWorld:
    def reading(*argv: str, stdout: str = "", status: int = 0) -> Reading:
        return Reading(argv=argv, returncode=status, stdout=stdout)

    platform = '"IOPlatformSerialNumber" = "F2LXK4PQ7N"\n"IOPlatformUUID" = "5C3E0F7A-91B4-5D26-8A77-0E4D9B1C6F23"\n'
    scutil = "/usr/sbin/scutil"
    readings = (
        reading(scutil, "--get", "ComputerName", stdout="Jane\u2019s MacBook Pro\n"),
        reading(scutil, "--get", "LocalHostName", stdout="Janes-MacBook-Pro\n"),
        reading(scutil, "--get", "HostName", stdout="HostName: not set\n", status=1),
        reading("/usr/sbin/ioreg", "-rd1", "-c", "IOPlatformExpertDevice", stdout=platform),
    )
    return RecordedWorld(**({"uname": MAC, "root": Path("/"), "readings": readings} | more))


def test_a_mac_is_asked_for_its_names_its_serial_number_and_its_uuid() -> None:
    identity = find_identity(mac(account=Account(login="jane", full_name="Jane Appleseed", host_name="jane-mbp")))
    redactor = Redactor(identity.known)
    redactor.learn(identity.told)
    text = "F2LXK4PQ7N 5c3e0f7a-91b4-5d26-8a77-0e4d9b1c6f23 jane Appleseed jane-mbp.local Jane's MacBook Pro"
    assert redactor.redact(text) == (
        "redacted-serial-1 redacted-uuid-1 redacted-user-2 redacted-host-1 redacted-host-2"
    )


def test_the_environment_gives_its_tokens_away() -> None:
    world = RecordedWorld(uname=LINUX, root=Path("/"), environ={"HF_TOKEN": "abc123def456", "USER": "jane"})
    identity = find_identity(world)
    assert identity.known == (Known(Kind.USER, "jane"),)
    redactor = Redactor(identity.known)
    redactor.learn(identity.told)
    assert redactor.redact("abc123def456") == "redacted-secret-1"


def test_a_home_that_says_no_name_is_one_secret() -> None:
    world = RecordedWorld(uname=LINUX, root=Path("/"), home=Path("/export/people/j42"))
    assert find_identity(world).known == (Known(Kind.HOME, "/export/people/j42"),)
    world = RecordedWorld(uname=LINUX, root=Path("/"), home=Path("/home/j42"))
    assert find_identity(world).known == (Known(Kind.USER, "j42"),)


def test_root_has_no_name_to_hide() -> None:
    world = RecordedWorld(uname=LINUX, root=Path("/"), home=Path("/root"), environ={"USER": "root", "HOME": "/root"})
    assert find_identity(world).known == ()
