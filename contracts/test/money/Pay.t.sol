// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ITreasury } from "../../src/interfaces/ITreasury.sol";
import { ModelId } from "../../src/lib/Types.sol";
import { Treasury } from "../../src/money/Treasury.sol";
import { BaseTest } from "../helpers/BaseTest.sol";

contract PayTest is BaseTest {
    function test_error_ModelUnknown(uint256 id) public {
        vm.expectRevert(abi.encodeWithSelector(ITreasury.ModelUnknown.selector, id));
        treasury.pay(_modelId(id), 1, MINTER);
    }

    function test_error_MinterInvalid() public {
        ModelId root = _root();
        vm.expectRevert(abi.encodeWithSelector(ITreasury.MinterInvalid.selector, address(0)));
        treasury.pay(root, 1, address(0));
        vm.expectRevert(abi.encodeWithSelector(ITreasury.MinterInvalid.selector, address(treasury)));
        treasury.pay(root, 1, address(treasury));
    }

    function test_default(uint80 amount) public {
        ModelId root = _root();
        uint256 cut = uint256(amount) * 250 / 10_000;
        uint256 minterCut = uint256(amount) * 500 / 10_000;
        _fund(BUYER, address(treasury), amount);
        vm.expectEmit(address(treasury));
        emit ITreasury.Paid(root, BUYER, amount, cut, cut, minterCut, MINTER);
        vm.prank(BUYER);
        treasury.pay(root, amount, MINTER);

        vm.assertEq(usd.balanceOf(address(treasury)), amount, "the treasury holds the payment");
        vm.assertEq(treasury.credit(PROTOCOL), cut, "protocol");
        vm.assertEq(treasury.credit(PROVERS), cut, "provers");
        vm.assertEq(treasury.credit(MINTER), minterCut, "minter");
        vm.assertEq(treasury.received(root), amount - 2 * cut - minterCut, "the rest is the model's");
        vm.assertEq(treasury.claimable(root, CREATOR), amount - 2 * cut - minterCut, "the holder earns it to the unit");
    }

    /// A cut that rounds to zero is not lost: the model earns it.
    function test_behavior_tinyPayments_P11(uint256 amount) public {
        amount = _bound(amount, 0, 39);
        ModelId root = _root();
        _pay(root, amount);
        vm.assertEq(treasury.credit(PROTOCOL), 0, "nothing for the protocol");
        vm.assertEq(treasury.claimable(root, CREATOR), amount - amount / 20, "all but the minter's cut");
    }

    /// A thousand payments of one unit earn edge and shares a thousand units together.
    function test_behavior_manyTinyPayments_P12() public {
        ModelId root = _register(CREATOR, _termsWith(3333, DERIVE | FREE_TO_DERIVE), _refs());
        ModelId child = _register(DERIVER, _terms(), _refs(root));
        for (uint256 i; i < 1000; ++i) {
            _pay(child, 1);
        }
        vm.assertEq(treasury.edgeAccrued(child, root), 333, "333.3 rounded down once, not a thousand times");
        vm.assertEq(treasury.claimable(child, DERIVER), 666, "666.7 rounded down once");
    }

    /// The cost of a payment does not grow with the family.
    function test_behavior_gasIsIndependentOfTheFamily_P7() public {
        ModelId model = _register(CREATOR, _termsWith(500, DERIVE | FREE_TO_DERIVE), _refs());
        uint256 first = _gasOfPaying(model);
        for (uint256 i; i < 20; ++i) {
            model = _register(CREATOR, _termsWith(500, DERIVE | FREE_TO_DERIVE), _refs(model));
        }
        vm.assertLe(_gasOfPaying(model), first, "gas");
    }

    function _gasOfPaying(ModelId id) private returns (uint256 gasUsed) {
        _fund(BUYER, address(treasury), 100e6);
        vm.prank(BUYER);
        uint256 before = gasleft();
        treasury.pay(id, 100e6, MINTER);
        return before - gasleft();
    }
}

contract PayAccountTest is BaseTest {
    /// A credit that nobody could claim is rejected.
    function test_error_AccountInvalid() public {
        address[2] memory accounts = [address(0), address(treasury)];
        for (uint256 i; i < accounts.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ITreasury.AccountInvalid.selector, accounts[i]));
            treasury.payAccount(accounts[i], 1);
        }
    }

    function test_default(uint80 amount) public {
        _fund(BUYER, address(treasury), amount);
        vm.expectEmit(address(treasury));
        emit ITreasury.Credited(HOLDER, BUYER, amount);
        vm.prank(BUYER);
        treasury.payAccount(HOLDER, amount);
        vm.assertEq(treasury.credit(HOLDER), amount, "credit");
        vm.assertEq(usd.balanceOf(address(treasury)), amount, "money");
    }
}

contract TreasuryConstructorTest is BaseTest {
    function test_error_CutsAboveCap(uint16 protocolBps, uint16 proverBps, uint16 minterBps) public {
        uint256 total = uint256(protocolBps) + proverBps + minterBps;
        vm.assume(total > 2000);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.CutsAboveCap.selector, total, 2000));
        new Treasury(usd, registry, protocolBps, proverBps, minterBps, PROTOCOL, PROVERS);
    }

    function test_error_AccountInvalid() public {
        vm.expectRevert(abi.encodeWithSelector(ITreasury.AccountInvalid.selector, address(0)));
        new Treasury(usd, registry, 250, 250, 500, address(0), PROVERS);
        vm.expectRevert(abi.encodeWithSelector(ITreasury.AccountInvalid.selector, address(0)));
        new Treasury(usd, registry, 250, 250, 500, PROTOCOL, address(0));
    }

    function test_default() public view {
        (uint16 protocolBps, uint16 proverBps, uint16 minterBps) = treasury.cuts();
        vm.assertEq(protocolBps, 250, "protocol");
        vm.assertEq(proverBps, 250, "provers");
        vm.assertEq(minterBps, 500, "minter");
        vm.assertEq(treasury.protocolAccount(), PROTOCOL, "protocol account");
        vm.assertEq(treasury.proverPool(), PROVERS, "prover pool");
    }
}
