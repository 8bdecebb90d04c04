// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ICopyRegistry, State } from "../../src/interfaces/ICopyRegistry.sol";
import { Terms } from "../../src/interfaces/IModelRegistry.sol";
import { Parameter } from "../../src/interfaces/IProtocol.sol";
import { CopyId, ModelId } from "../../src/lib/Types.sol";
import { BaseTest } from "../helpers/BaseTest.sol";

/// @notice A closed copy: its collateral of 50 USDC returns after the thaw, except a leak bond that is released slowly.
contract LeakBondTest is BaseTest {
    uint64 private constant TAIL = uint64(START) + THAW;

    ModelId private root;
    CopyId private id;

    function setUp() public override {
        super.setUp();
        root = _root();
        _close(5000);
    }

    function test_default() public {
        vm.warp(TAIL - 1);
        vm.assertEq(copyRegistry.released(id), 0, "nothing before the end of the thaw");
        _assertReleased(TAIL, 25e6, "the usage part after the thaw");
        _assertReleased(TAIL + LEAK_TAIL / 4, 6.25e6, "a quarter of the leak bond");
        _assertReleased(TAIL + LEAK_TAIL / 2, 6.25e6, "another quarter");
        _assertReleased(TAIL + LEAK_TAIL - 1, 12.5e6 - 2, "all but the last second's, rounded up");
        _assertReleased(TAIL + LEAK_TAIL, 2, "the rest");
        vm.assertEq(usd.balanceOf(BUYER), 50e6, "all of it");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), 0, "nothing is left");
    }

    /// However often it is fetched, the same is left at the same time, and never less than the schedule says.
    function test_behavior_releasedEvenly(uint16 leakBps, uint64[5] memory waits) public {
        _close(uint16(_bound(leakBps, 0, 10_000)));
        uint256 leakBond = copyRegistry.copies(id).leakBond;
        uint256 time = TAIL;
        for (uint256 i; i < waits.length; ++i) {
            time += _bound(waits[i], 0, 60 days);
            vm.warp(time);
            if (copyRegistry.released(id) > 0) copyRegistry.withdraw(id);
            uint256 passed = time - TAIL;
            uint256 left = passed >= LEAK_TAIL ? 0 : leakBond * (LEAK_TAIL - passed);
            uint256 kept = copyRegistry.copies(id).collateral;
            vm.assertLe(left, kept * LEAK_TAIL, "never less");
            vm.assertLe(kept * LEAK_TAIL, left + LEAK_TAIL - 1, "and not a unit more");
        }
    }

    /// A leak is tried until the last second of the tail, for what is left then.
    function test_behavior_aLeakIsTriedWhileAnythingIsLeft(uint64 wait) public {
        wait = uint64(_bound(wait, 0, LEAK_TAIL - 1));
        vm.warp(TAIL + wait);
        uint256 left = 50e6 - copyRegistry.released(id);
        vm.prank(COURT);
        copyRegistry.openDispute(id);
        vm.assertEq(treasury.credit(BUYER), 50e6 - left, "what had been released is the buyer's");
        vm.warp(TAIL + 400 days);
        vm.assertEq(copyRegistry.released(id), 0, "frozen");
        vm.prank(COURT);
        (uint256 taken,) = copyRegistry.slash(id, type(uint256).max, type(uint256).max, "leak");
        vm.assertEq(taken, left, "all that was left");
        vm.prank(COURT);
        copyRegistry.closeDispute(id);
        vm.assertEq(copyRegistry.copies(id).collateral, 0, "nothing is left");
    }

    /// After the release date nothing can be tried, fetched or not.
    function test_error_NothingAtStake(uint64 late) public {
        vm.warp(TAIL + LEAK_TAIL + _bound(late, 0, 1000 days));
        vm.prank(BUYER);
        copyRegistry.withdraw(id);
        _expectNothingAtStake();
        _close(5000);
        vm.warp(copyRegistry.copies(id).deadline);
        copyRegistry.withdraw(id);
        vm.warp(block.timestamp + LEAK_TAIL);
        vm.assertEq(copyRegistry.copies(id).collateral, 25e6, "not fetched");
        _expectNothingAtStake();
    }

    /// A conviction without a dispute takes what is left, not what had been released and was not fetched.
    function test_behavior_slashedWithoutADispute() public {
        vm.warp(TAIL + LEAK_TAIL / 2);
        vm.prank(COURT);
        (uint256 taken,) = copyRegistry.slash(id, type(uint256).max, type(uint256).max, "leak");
        vm.assertEq(taken, 12.5e6, "what was left");
        vm.assertEq(treasury.credit(BUYER), 37.5e6, "what had been released");
    }

    /// A lost dispute costs nothing: the schedule goes on as if it had not been.
    function test_behavior_aDisputeThatFails() public {
        vm.warp(TAIL + LEAK_TAIL / 4);
        vm.prank(COURT);
        copyRegistry.openDispute(id);
        vm.warp(TAIL + LEAK_TAIL / 2);
        vm.prank(COURT);
        copyRegistry.closeDispute(id);
        vm.assertEq(copyRegistry.released(id), 6.25e6, "caught up");
        vm.prank(BUYER);
        copyRegistry.withdraw(id);
        vm.assertEq(usd.balanceOf(BUYER) + treasury.credit(BUYER), 37.5e6, "three quarters");
    }

    /// The tail of an order is the one that held then. P26, invariant 14
    function test_behavior_aLongerTailIsNotRetroactive() public {
        vm.prank(OWNER);
        protocol.set(Parameter.LeakTail, 400 days);
        vm.warp(TAIL + LEAK_TAIL);
        vm.assertEq(copyRegistry.released(id), 50e6, "the order's tail");
    }

    /// Fees are taken from the usage part. The leak bond does not back reports.
    function test_behavior_theLeakBondBacksNoReports() public {
        id = _active(BUYER, root);
        vm.assertEq(copyRegistry.served(id).collateral, 25e6, "the usage part");
        _fund(HOLDER, address(copyRegistry), 7e6);
        vm.prank(HOLDER);
        copyRegistry.addCollateral(id, 7e6);
        vm.assertEq(copyRegistry.served(id).collateral, 32e6, "more of it");
        vm.prank(COURT);
        copyRegistry.slash(id, 40e6, type(uint256).max, "offence");
        vm.assertEq(copyRegistry.served(id).collateral, 0, "less than a leak bond is left");
        vm.prank(BUYER);
        copyRegistry.close(id);
        vm.warp(block.timestamp + THAW);
        vm.assertEq(copyRegistry.released(id), 0, "the leak bond comes first");
    }

    function _close(uint16 leakBps) private {
        Terms memory terms = _terms();
        terms.leakBps = leakBps;
        vm.prank(CREATOR);
        registry.setTerms(root, terms);
        id = _closing(BUYER, root);
    }

    function _assertReleased(uint256 time, uint256 amount, string memory label) private {
        vm.warp(time);
        vm.assertEq(copyRegistry.released(id), amount, label);
        vm.prank(BUYER);
        vm.assertEq(copyRegistry.withdraw(id), amount, label);
        _assertState(id, State.Closed);
    }

    function _expectNothingAtStake() private {
        bytes memory revertData = abi.encodeWithSelector(ICopyRegistry.NothingAtStake.selector, id, State.Closed);
        vm.expectRevert(revertData);
        vm.prank(COURT);
        copyRegistry.openDispute(id);
        vm.expectRevert(revertData);
        vm.prank(COURT);
        copyRegistry.slash(id, 1, type(uint256).max, "leak");
    }
}
