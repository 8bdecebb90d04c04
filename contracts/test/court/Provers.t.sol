// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CaseId } from "../../src/interfaces/ICaseCourt.sol";
import { IProtocol } from "../../src/interfaces/IProtocol.sol";
import { Electorate, IProverRegistry, Outcome, Prover } from "../../src/interfaces/IProverRegistry.sol";
import { BURNED } from "../../src/lib/Types.sol";
import { CourtBase } from "../helpers/CourtBase.sol";

contract StakeTest is CourtBase {
    function test_error_ProtocolPaused() public {
        vm.prank(GUARDIAN);
        protocol.pause();
        vm.expectRevert(abi.encodeWithSelector(IProtocol.ProtocolPaused.selector, START + 7 days));
        vm.prank(STRANGER);
        provers.stake(STAKE);
    }

    function test_error_ProverLeaving() public {
        vm.prank(_prover(0));
        provers.exit();
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.ProverLeaving.selector, _prover(0), START + 9 days));
        vm.prank(_prover(0));
        provers.stake(STAKE);
    }

    function test_error_StakeBelowMin() public {
        provers.admit(STRANGER, true);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.StakeBelowMin.selector, STAKE - 1, STAKE));
        vm.prank(STRANGER);
        provers.stake(STAKE - 1);
    }

    function test_error_NotOwner(address caller) public {
        vm.assume(caller != address(this));
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.NotOwner.selector, caller, address(this)));
        vm.prank(caller);
        provers.admit(caller, true);
    }

    /// During the guarded launch the owner admits provers. Afterwards anyone stakes.
    function test_error_ProverNotAdmitted() public {
        _fund(STRANGER, address(provers), STAKE);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.ProverNotAdmitted.selector, STRANGER));
        vm.prank(STRANGER);
        provers.stake(STAKE);
        protocol.endGuardedLaunch();
        vm.prank(STRANGER);
        provers.stake(STAKE);
        vm.assertEq(provers.listed(), PROVERS + 1, "listed");
    }

    /// A prover is one lot in the drawing, regardless of its stake.
    function test_default_P29() public {
        _stake(STRANGER, 100 * STAKE);
        vm.assertEq(provers.listed(), PROVERS + 1, "one place");
        vm.assertEq(provers.places(PROVERS).prover, STRANGER, "listed");
        _stake(STRANGER, 1);
        vm.assertEq(provers.placeCount(), PROVERS + 1, "still one place");
        vm.assertEq(provers.provers(STRANGER).stake, 100 * STAKE + 1, "stake");
        vm.assertEq(provers.pool(), 0, "stakes are not part of the pool");
    }
}

contract ExitTest is CourtBase {
    function test_error_NotListed() public {
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.NotListed.selector, STRANGER));
        vm.prank(STRANGER);
        provers.exit();
    }

    function test_error_ProverLeaving() public {
        _exit(_prover(0));
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.ProverLeaving.selector, _prover(0), START + 9 days));
        _exit(_prover(0));
    }

    function test_error_NotLeaving() public {
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.NotLeaving.selector, _prover(0)));
        provers.withdraw(_prover(0));
    }

    function test_error_StakeThawing_P19() public {
        _exit(_prover(0));
        _wait(9 days - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IProverRegistry.StakeThawing.selector, START + 9 days - 1, START + 9 days)
        );
        provers.withdraw(_prover(0));
    }

    function test_behavior_pausingStopsTheThaw_P26() public {
        _exit(_prover(0));
        vm.prank(GUARDIAN);
        protocol.pause();
        _wait(9 days);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.StakeThawing.selector, START + 2 days, START + 9 days));
        provers.withdraw(_prover(0));
        _wait(7 days);
        provers.withdraw(_prover(0));
    }

    /// Who is leaving can be drawn until its stake has left, and its stake waits for the case.
    function test_error_StakeLocked() public {
        for (uint256 i; i < PROVERS; ++i) {
            _exit(_prover(i));
        }
        _wait(8 days);
        CaseId id = _open();
        _draw(id);
        address juror = court.rounds(id, 0).panel[0];
        vm.assertEq(court.rounds(id, 0).panel.length, 7, "leavers are drawn");
        _wait(1 days);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.StakeLocked.selector, juror, STAKE));
        provers.withdraw(juror);
        _vote(id, 0, 0);
        _close(id);
        vm.assertEq(provers.withdraw(juror), STAKE - PENALTY, "punished for silence like anybody");
    }

    /// Leaving works while paused. The place stays empty.
    function test_default_P42() public {
        vm.prank(GUARDIAN);
        protocol.pause();
        _exit(_prover(3));
        vm.assertEq(provers.listed(), PROVERS, "listed until the stake has left");
        _wait(16 days);
        vm.prank(STRANGER);
        vm.assertEq(provers.withdraw(_prover(3)), STAKE, "withdrawn by anyone");
        vm.assertEq(provers.listed(), PROVERS - 1, "left");
        vm.assertEq(usd.balanceOf(_prover(3)), STAKE, "to the prover");
        _stake(_prover(3), STAKE);
        vm.assertEq(provers.placeCount(), PROVERS + 1, "it may stake again, at a new place");
    }

    function _exit(address prover) private {
        vm.prank(prover);
        provers.exit();
    }
}

contract ElectorateTest is CourtBase {
    /// Exactly the listed stakes of a week are counted, however provers come and go.
    /// forge-config: default.fuzz.runs = 32
    function test_behavior_counts(uint256 seed) public {
        for (uint256 i; i < 30; ++i) {
            address prover = _prover(seed % 16);
            seed = uint256(keccak256(abi.encode(seed)));
            Prover memory found = provers.provers(prover);
            if (found.stake == 0) {
                _stake(prover, STAKE);
            } else if (found.exitAt == 0) {
                vm.prank(prover);
                provers.exit();
            } else if (_now() >= found.exitAt) {
                provers.withdraw(prover);
            }
            _wait(uint64(seed >> 32) % 4 days);
            Electorate memory electorate = provers.electorate();
            uint256 eligible;
            for (uint256 j; j < provers.placeCount(); ++j) {
                bool old = provers.places(j).since + 7 days <= _now();
                if (old && provers.places(j).leftAt == 0) ++eligible;
                vm.assertTrue(old == (j < electorate.places), "places are in the order of their age");
            }
            vm.assertEq(electorate.eligible, eligible, "eligible");
        }
    }
}

contract CourtOnlyTest is CourtBase {
    function test_error_NotCourt(address caller) public {
        vm.assume(caller != address(court));
        Electorate memory electorate = provers.electorate();
        bytes memory refusal = abi.encodeWithSelector(IProverRegistry.NotCourt.selector, caller, address(court));
        vm.expectRevert(refusal);
        vm.prank(caller);
        provers.draw(0, 7, electorate, new address[](0), new address[](0), 0);
        vm.expectRevert(refusal);
        vm.prank(caller);
        provers.settle(_outcome(0, 0, 0, 0));
    }

    /// The panel consists of different eligible provers without the parties, and each has locked a stake.
    function test_behavior_draw(bytes32 seed, uint8 seats) public {
        seats = seats % 9;
        address[] memory parties = new address[](2);
        (parties[0], parties[1]) = (_prover(0), _prover(1));
        Electorate memory electorate = provers.electorate();
        vm.prank(address(court));
        address[] memory panel = provers.draw(seed, seats, electorate, parties, new address[](0), 400e6);
        vm.assertEq(panel.length, seats, "as many as asked");
        for (uint256 i; i < panel.length; ++i) {
            vm.assertTrue(panel[i] != _prover(0) && panel[i] != _prover(1), "not a party");
            vm.assertEq(provers.provers(panel[i]).locked, 400e6, "locked once");
        }
    }

    /// More seats than there are jurors stay empty.
    function test_behavior_draw_ends(bytes32 seed) public {
        Electorate memory electorate = provers.electorate();
        vm.prank(address(court));
        address[] memory panel = provers.draw(seed, 12, electorate, new address[](0), new address[](0), 400e6);
        vm.assertEq(panel.length, PROVERS, "everybody once");
    }

    /// Every prover is drawn about equally often: 2,000 drawings of 3 out of 10 select each 600 times, within 5
    /// standard deviations.
    function test_behavior_draw_isFair_P28() public {
        uint256[PROVERS] memory times;
        Electorate memory electorate = provers.electorate();
        for (uint256 i; i < 2000; ++i) {
            vm.prank(address(court));
            address[] memory panel =
                provers.draw(keccak256(abi.encode(i)), 3, electorate, new address[](0), new address[](0), 0);
            for (uint256 j; j < 3; ++j) {
                ++times[uint160(panel[j]) - 0x9000];
            }
        }
        for (uint256 i; i < PROVERS; ++i) {
            vm.assertLe(times[i], 600 + 103, "not too often");
            vm.assertLe(600 - 103, times[i], "not too rarely");
        }
    }

    /// A loss below the minimum delists. It is burned, and never more than what other cases leave free.
    function test_behavior_settle() public {
        Electorate memory electorate = provers.electorate();
        address[] memory seated = new address[](0);
        vm.prank(address(court));
        provers.draw(0, PROVERS, electorate, seated, seated, 700e6);
        vm.prank(address(court));
        provers.settle(_outcome(1, 1, 2, 400e6));
        Prover memory prover = provers.provers(_prover(0));
        vm.assertEq(prover.stake, STAKE - 400e6, "what the case had locked");
        vm.assertEq(prover.locked, 300e6, "other cases hold the rest");
        vm.assertEq(prover.place, 0, "unlisted");
        vm.assertEq(usd.balanceOf(BURNED), 400e6, "burned");
        vm.prank(address(court));
        provers.settle(_outcome(1, 1, 2, 300e6));
        _stake(_prover(0), STAKE);
        vm.assertEq(provers.provers(_prover(0)).place, PROVERS + 1, "listed again");
    }

    /// @dev The first prover alone voted, its panel ruled, and the case ended.
    function _outcome(uint256 vote, uint8 ruling, uint8 last, uint64 stake) private pure returns (Outcome memory) {
        address[] memory panel = new address[](1);
        panel[0] = _prover(0);
        return Outcome(panel, new address[](0), new address[](0), vote, ruling, last, stake);
    }
}
