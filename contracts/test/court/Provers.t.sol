// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Parameter } from "../../src/interfaces/IProtocol.sol";
import { IProtocol } from "../../src/interfaces/IProtocol.sol";
import { IProverRegistry, Prover } from "../../src/interfaces/IProverRegistry.sol";
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
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.StakeBelowMin.selector, STAKE - 1, STAKE));
        vm.prank(STRANGER);
        provers.stake(STAKE - 1);
    }

    /// A prover is one lot in the drawing, regardless of its stake.
    function test_default_P29() public {
        _stake(STRANGER, 100 * STAKE);
        vm.assertEq(provers.listed(), PROVERS + 1, "one place");
        vm.assertEq(provers.proverAt(PROVERS), STRANGER, "listed");
        _stake(STRANGER, 1);
        vm.assertEq(provers.listed(), PROVERS + 1, "still one place");
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

    function test_error_StakeLocked() public {
        vm.prank(address(court));
        provers.lock(_prover(0));
        _exit(_prover(0));
        _wait(9 days);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.StakeLocked.selector, _prover(0), PENALTY));
        provers.withdraw(_prover(0));
        vm.prank(address(court));
        provers.unlock(_prover(0), PENALTY, true);
        provers.withdraw(_prover(0));
        vm.assertEq(usd.balanceOf(_prover(0)), STAKE - PENALTY, "the remaining stake");
        vm.assertEq(provers.pool(), PENALTY, "the penalty");
    }

    /// Leaving works while paused.
    function test_default_P42() public {
        vm.prank(GUARDIAN);
        protocol.pause();
        _exit(_prover(3));
        vm.assertEq(provers.listed(), PROVERS - 1, "listed");
        vm.assertEq(provers.proverAt(3), _prover(9), "the last prover moved to its place");
        _wait(16 days);
        vm.prank(STRANGER);
        vm.assertEq(provers.withdraw(_prover(3)), STAKE, "withdrawn by anyone");
        vm.assertEq(usd.balanceOf(_prover(3)), STAKE, "to the prover");
        _stake(_prover(3), STAKE);
        vm.assertEq(provers.listed(), PROVERS, "it may stake again");
    }

    function _exit(address prover) private {
        vm.prank(prover);
        provers.exit();
    }
}

contract CoverTest is CourtBase {
    bytes32 private constant ROOT = keccak256("what was tested");

    function test_error_NotListed() public {
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.NotListed.selector, STRANGER));
        _cover(STRANGER);
    }

    function test_error_CoverageTooEarly() public {
        uint64 epoch = START / EPOCH;
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.CoverageTooEarly.selector, epoch, epoch + 1));
        _cover(_prover(0));
        _wait(1 days);
        _cover(_prover(0));
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.CoverageTooEarly.selector, epoch + 1, epoch + 2));
        _cover(_prover(0));
    }

    function test_error_CoverageRootMissing() public {
        _wait(1 days);
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.CoverageRootMissing.selector));
        vm.prank(_prover(0));
        provers.cover(0);
    }

    function test_default() public {
        usd.mint(address(provers), 100e6);
        _wait(1 days);
        vm.assertEq(_cover(_prover(0)), 1e6, "the fee");
        vm.assertEq(provers.pool(), 99e6, "paid from the pool");
        vm.assertEq(provers.claim(_prover(0)), 1e6, "claimed by anyone");
        vm.assertEq(usd.balanceOf(_prover(0)), 1e6, "to the prover");
        vm.assertEq(provers.claim(_prover(0)), 0, "paid once");
    }

    /// The first prover takes no more than its equal part, and the last is paid too.
    function test_behavior_aSmallPoolIsSharedEqually(uint64 pool) public {
        pool = pool % 10e6;
        usd.mint(address(provers), pool);
        _wait(1 days);
        for (uint256 i; i < PROVERS; ++i) {
            vm.assertEq(_cover(_prover(i)), pool / PROVERS, "an equal part");
        }
        vm.assertEq(provers.pool(), pool % PROVERS, "the remainder stays");
    }

    uint64 private constant EPOCH = 1 days;

    function _cover(address prover) private returns (uint256) {
        vm.prank(prover);
        return provers.cover(ROOT);
    }
}

contract CourtOnlyTest is CourtBase {
    function test_error_NotCourt(address caller) public {
        vm.assume(caller != address(court));
        bytes memory refusal = abi.encodeWithSelector(IProverRegistry.NotCourt.selector, caller, address(court));
        vm.expectRevert(refusal);
        vm.prank(caller);
        provers.draw(0, 7, OPENER, BUYER);
        vm.expectRevert(refusal);
        vm.prank(caller);
        provers.lock(_prover(0));
        vm.expectRevert(refusal);
        vm.prank(caller);
        provers.unlock(_prover(0), 1, true);
        vm.expectRevert(refusal);
        vm.prank(caller);
        provers.settle(new address[](0), 0, 0, 0);
    }

    function test_error_lock_NotListed() public {
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.NotListed.selector, STRANGER));
        this.lockAs(STRANGER);
    }

    function lockAs(address prover) external {
        vm.prank(address(court));
        provers.lock(prover);
    }

    function test_error_lock_StakeNotFree() public {
        for (uint256 i; i < STAKE / PENALTY; ++i) {
            this.lockAs(_prover(0));
        }
        vm.expectRevert(abi.encodeWithSelector(IProverRegistry.StakeNotFree.selector, _prover(0), 0, PENALTY));
        this.lockAs(_prover(0));
    }

    /// The panel consists of different listed provers without the parties, and each has locked the penalty.
    function test_behavior_draw(bytes32 seed, uint8 seats) public {
        seats = seats % 16;
        vm.prank(address(court));
        (address[] memory panel, uint64 penalty) = provers.draw(seed, seats, _prover(0), _prover(1));
        vm.assertLe(panel.length, seats < PROVERS ? seats : PROVERS - 2, "no more than asked");
        vm.assertLe(seats < 2 ? 0 : (seats < PROVERS ? seats - 2 : PROVERS - 2), panel.length, "at most two fewer");
        for (uint256 i; i < panel.length; ++i) {
            vm.assertTrue(panel[i] != _prover(0) && panel[i] != _prover(1), "not a party");
            vm.assertEq(provers.provers(panel[i]).locked, penalty, "locked once");
        }
    }

    function test_behavior_draw_skipsProversWithoutFreeStake() public {
        for (uint256 i; i < STAKE / PENALTY; ++i) {
            this.lockAs(_prover(0));
        }
        vm.prank(address(court));
        (address[] memory panel,) = provers.draw(keccak256("seed"), PROVERS, OPENER, BUYER);
        vm.assertEq(panel.length, PROVERS - 1, "all but one");
    }

    /// Every prover is drawn about equally often: 2,000 drawings of 3 out of 10 select each 600 times, within 5
    /// standard deviations.
    function test_behavior_draw_isFair_P28() public {
        uint256[PROVERS] memory times;
        for (uint256 i; i < 2000; ++i) {
            vm.prank(address(court));
            (address[] memory panel, uint64 penalty) = provers.draw(keccak256(abi.encode(i)), 3, OPENER, BUYER);
            for (uint256 j; j < 3; ++j) {
                ++times[uint160(panel[j]) - 0x9000];
            }
            vm.prank(address(court));
            provers.settle(panel, 0, 0, penalty);
        }
        for (uint256 i; i < PROVERS; ++i) {
            vm.assertLe(times[i], 600 + 103, "not too often");
            vm.assertLe(600 - 103, times[i], "not too rarely");
        }
    }

    function test_behavior_aPenaltyBelowTheMinimumStakeDelists() public {
        this.lockAs(_prover(0));
        vm.prank(address(court));
        provers.unlock(_prover(0), PENALTY, true);
        Prover memory prover = provers.provers(_prover(0));
        vm.assertEq(prover.place, 0, "unlisted");
        vm.assertEq(prover.stake, STAKE - PENALTY, "stake");
        _stake(_prover(0), PENALTY);
        vm.assertEq(provers.provers(_prover(0)).place, PROVERS, "listed again");
    }
}
